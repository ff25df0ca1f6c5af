import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { excludedEntries } from '../../../src/model/graph/decoder/lone-decoder.js';
import { LARGEST_FACTOR } from '../../../src/model/graph/decoder/screen.js';
import { DataType, GraphBuilder } from '../../../src/model/onnx/graph-builder.js';
import { dot, norm } from '../../../src/model/screen/products.js';
import { wholeNumberScreen } from '../../../src/model/screen/whole-number-screen.js';

const HIDDEN = 24;
const ENTRIES = 40;
/** A LayerNorm that the states may come from, of any size here. */
const normOf = (size: number) => ({
  weight: new Float32Array(HIDDEN).fill(size),
  bias: new Float32Array(HIDDEN).fill(size / 8),
  epsilon: 1e-12,
});

const float = fc.float({ min: -8, max: 8, noNaN: true });
const floats = (length: number) =>
  fc.array(float, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
/** A text's states, in two halves: of any size, and also with an end of their range at nought. */
const statesOf = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -40, max: 0 }), fc.boolean())
  .chain(([half, exponent, positive]) =>
    floats(2 * half * HIDDEN).map((values) =>
      values.map((value) => (positive ? Math.abs(value) : value) * 2 ** exponent),
    ),
  );

/** An entry of whole factors, and a state nearly half a step off its whole numbers, to the side where a product loses; its range is 255 steps. */
const halfWay = fc
  .tuple(
    fc.array(fc.integer({ min: -126, max: 126 }), { minLength: HIDDEN, maxLength: HIDDEN }),
    fc.array(fc.integer({ min: -62, max: 62 }), { minLength: HIDDEN, maxLength: HIDDEN }),
  )
  .map(([steps, factors]) => {
    // The first two coordinates decide the range and lose nothing, the third decides the entry's scale.
    const ends = [127, -128];
    const first = [0, 0, LARGEST_FACTOR];
    const row = Float32Array.from(factors, (factor, i) => (first[i] ?? factor) / 64);
    return { row, state: Float32Array.from(steps, (step, i) => ends[i] ?? step + 0.49 * Math.sign(row[i]!)) };
  });

async function sessionOf(decoder: Float32Array, bias: Float32Array, size: number): Promise<InferenceSession> {
  const graph = new GraphBuilder();
  const states = graph.input('states', DataType.float32, [2, 'half', HIDDEN]);
  const screen = wholeNumberScreen({ shape: [ENTRIES, HIDDEN], data: decoder }, bias);
  const isExcluded = excludedEntries(graph, normOf(size), screen, states);
  graph.output('excluded', graph.node('Cast', [isExcluded], { to: DataType.int32 }), DataType.int32, [ENTRIES]);
  return InferenceSession.create(Buffer.concat(graph.model({})), { logSeverityLevel: 3 });
}

async function excludedBy(session: InferenceSession, states: Float32Array): Promise<Int32Array> {
  const feeds = { states: new Tensor('float32', states, [2, states.length / 2 / HIDDEN, HIDDEN]) };
  return (await session.run(feeds)).excluded!.data as Int32Array;
}

const rowsOf = (data: Float32Array) =>
  Array.from({ length: data.length / HIDDEN }, (_, row) => data.subarray(row * HIDDEN, (row + 1) * HIDDEN));

test('excludes no entry with a positive logit, for states of any kind and size', async () => {
  let excluded = 0;
  await fc.assert(
    fc.asyncProperty(
      floats(ENTRIES * HIDDEN),
      floats(ENTRIES),
      fc.constantFrom(0, 4, 64),
      fc.array(statesOf, { minLength: 4, maxLength: 4 }),
      async (decoder, biases, below, texts) => {
        const bias = biases.map((value) => value - below);
        const session = await sessionOf(decoder, bias, 8);
        for (const states of texts) {
          const isExcluded = await excludedBy(session, states);
          rowsOf(decoder).forEach((row, entry) => {
            const largest = Math.max(...rowsOf(states).map((state) => dot(state, row) + bias[entry]!));
            if (isExcluded[entry] === 1) expect(largest).toBeLessThanOrEqual(0);
          });
          excluded += isExcluded.reduce((sum, is) => sum + is, 0);
        }
        await session.release();
      },
    ),
    { numRuns: 100 },
  );
  expect(excluded).toBeGreaterThan(1000);
});

test('excludes none where rounding takes the most and the logit is hardly above zero', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(halfWay, { minLength: ENTRIES, maxLength: ENTRIES }), async (cases) => {
      const decoder = Float32Array.from(cases.flatMap(({ row }) => [...row]));
      const bias = Float32Array.from(cases, ({ row, state }) => 1e-3 - dot(row, state));
      const session = await sessionOf(decoder, bias, 127);
      for (const [entry, { state }] of cases.entries()) {
        expect((await excludedBy(session, Float32Array.of(...state, ...state)))[entry]).toBe(0);
      }
      await session.release();
    }),
    { numRuns: 30 },
  );
});

test('excludes nothing for states that are longer than a LayerNorm makes them, or no numbers', async () => {
  const decoder = new Float32Array(ENTRIES * HIDDEN).fill(LARGEST_FACTOR);
  const session = await sessionOf(decoder, new Float32Array(ENTRIES).fill(-1e6), 2);
  const state = (value: number) => new Float32Array(2 * HIDDEN).fill(value);
  const longest = Math.sqrt(HIDDEN) * 2 + norm(normOf(2).bias);
  for (const [value, expected] of [
    [(0.99 * longest) / Math.sqrt(HIDDEN), 1],
    [(1.01 * longest) / Math.sqrt(HIDDEN), 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ] as const) {
    expect(new Set(await excludedBy(session, state(value)))).toEqual(new Set([expected]));
  }
  await session.release();
});
