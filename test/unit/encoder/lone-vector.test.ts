import { LoneVector } from '../../../src/encoder/lone-vector.js';

const entriesOf = (length: number) => ({
  ids: Uint32Array.from({ length }, (_, i) => 3 * i),
  weights: Float32Array.from({ length }, (_, i) => 1 / (i + 1)),
});

test('what one side writes the other reads, and keeps when more is written', () => {
  const written = new LoneVector();
  const owner = new LoneVector(written.memory);
  const [long, short] = [entriesOf(40), entriesOf(2)];
  expect(written.write(long, { tokens: 9, truncated: false })).toBe(true);
  const first = owner.read();
  expect(written.write(short, { tokens: 256, truncated: true })).toBe(true);
  expect(first).toEqual({
    ...long,
    sizes: Uint32Array.of(40),
    tokens: Uint32Array.of(9),
    truncated: Uint8Array.of(0),
  });
  expect(owner.read()).toEqual({
    ...short,
    sizes: Uint32Array.of(2),
    tokens: Uint32Array.of(256),
    truncated: Uint8Array.of(1),
  });
});

test('a vector that has no room is refused, and leaves what was there', () => {
  const memory = new LoneVector();
  memory.write(entriesOf(3), { tokens: 5, truncated: false });
  expect(memory.write(entriesOf(30_522), { tokens: 5, truncated: false })).toBe(false);
  expect(memory.read().ids).toHaveLength(3);
});
