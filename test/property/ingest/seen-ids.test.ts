import fc from 'fast-check';
import { SeenIds } from '../../../src/ingest/sources/seen-ids.js';

it('seen ids remember the first line of each id, as a map would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 300 }), (ids) => {
      const seen = new SeenIds();
      const map = new Map<string, number>();
      ids.forEach((id, i) => {
        expect(seen.firstLineOf(id, i + 1)).toBe(map.get(id));
        if (!map.has(id)) map.set(id, i + 1);
      });
    }),
  );
});

it('seen ids keep all of many', () => {
  const seen = new SeenIds();
  for (let i = 1; i <= 20_000; i++) expect(seen.firstLineOf(`d${i}`, i)).toBeUndefined();
  for (let i = 1; i <= 20_000; i++) expect(seen.firstLineOf(`d${i}`, 1)).toBe(i);
});

it('seen ids take about as long for each hundred, however many are there', () => {
  const HUNDREDS = 1000;
  const shortest = new Array<number>(HUNDREDS).fill(Number.POSITIVE_INFINITY);
  // What the table does, it does at the same ids every time; what else the machine does, it does not.
  for (let round = 0; round < 3; round++) {
    const seen = new SeenIds();
    for (let hundred = 0; hundred < HUNDREDS; hundred++) {
      const began = performance.now();
      for (let i = 0; i < 100; i++) seen.firstLineOf(`${hundred} ${i}`, 1);
      shortest[hundred] = Math.min(shortest[hundred]!, performance.now() - began);
    }
  }
  const sorted = shortest.sort((one, other) => one - other);
  expect(sorted.at(-1)!).toBeLessThan(20 * sorted[HUNDREDS / 2]!);
});
