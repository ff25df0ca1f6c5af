import fc from 'fast-check';
import { GROUP_WIDTH, type Screen } from '../../../src/model/graph/decoder/screen.js';
import type { Tensor } from '../../../src/model/safetensors.js';
import { balancedBasis } from '../../../src/model/screen/balanced-basis.js';
import { roundedUp } from '../../../src/model/screen/rounding.js';
import { screenOfRank } from '../../../src/model/screen/screen-of-rank.js';

const HIDDEN = 24;
const ENTRIES = 12;
const SAMPLES = 40;

const float = fc.float({ min: -8, max: 8, noNaN: true });
const matrixOf = (rows: number): fc.Arbitrary<Tensor> =>
  fc
    .array(float, { minLength: rows * HIDDEN, maxLength: rows * HIDDEN })
    .map((values) => ({ shape: [rows, HIDDEN], data: Float32Array.from(values) }));
/** States of any size: the bound has to hold far from what it was made by, too. */
const anyState = fc
  .tuple(matrixOf(1), fc.integer({ min: -12, max: 12 }))
  .map(([{ data }, exponent]) => data.map((value) => value * 2 ** exponent));
const ranks = fc.constantFrom(0, GROUP_WIDTH, 2 * GROUP_WIDTH);

/** An inner product as float32 evaluates it, from the front or from the back. */
function rounded(left: ArrayLike<number>, right: ArrayLike<number>, backwards: boolean): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) {
    const at = backwards ? left.length - 1 - i : i;
    sum = Math.fround(sum + Math.fround(left[at]! * right[at]!));
  }
  return sum;
}

/** The screen's bound, step by step in float32, as the graph takes it. */
function boundOf(screen: Screen, state: Float32Array, entry: number, backwards: boolean): number {
  const { rank, transform, shift, table, constants, perNorm } = screen;
  const x = shift.map((offset, j) => {
    const column = Float32Array.from({ length: HIDDEN }, (_, i) => transform.data[i * HIDDEN + j]!);
    return Math.fround(rounded(state, column, backwards) + offset);
  });
  const features = [...x.subarray(0, rank)];
  for (let start = rank; start < HIDDEN; start += GROUP_WIDTH) {
    const group = x.subarray(start, start + GROUP_WIDTH);
    features.push(Math.fround(Math.sqrt(rounded(group, group, backwards))));
  }
  const columns = features.length;
  const product = rounded(features, table.data.subarray(entry * columns, (entry + 1) * columns), backwards);
  const norm = Math.fround(Math.fround(Math.sqrt(rounded(state, state, backwards))) * Math.fround(1 + 2 ** -10));
  return Math.fround(Math.fround(product + constants[entry]!) + Math.fround(norm * perNorm[entry]!));
}

test('no logit, exact or rounded, is above its bound', () => {
  fc.assert(
    fc.property(
      matrixOf(SAMPLES),
      matrixOf(ENTRIES),
      fc.array(float, { minLength: ENTRIES, maxLength: ENTRIES }),
      fc.array(anyState, { minLength: 1, maxLength: 4 }),
      ranks,
      fc.boolean(),
      (samples, decoder, biases, states, rank, backwards) => {
        const bias = Float32Array.from(biases);
        const screen = screenOfRank(rank, balancedBasis(samples, decoder), decoder, bias);
        for (const state of [...states, samples.data.slice(0, HIDDEN)]) {
          for (let entry = 0; entry < ENTRIES; entry++) {
            const row = decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
            const exact = row.reduce((sum, weight, i) => sum + weight * state[i]!, bias[entry]!);
            const bound = boundOf(screen, state, entry, backwards);
            // The bound itself is a sum: it is compared where it decides, at the sign and above what the last addition rounds.
            const slack = 2 ** -23 * Math.abs(bound);
            expect(bound + slack).toBeGreaterThanOrEqual(exact);
            expect(bound + slack).toBeGreaterThanOrEqual(Math.fround(rounded(state, row, !backwards) + bias[entry]!));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('is tight for a state that its leading coordinates hold', () => {
  fc.assert(
    fc.property(matrixOf(SAMPLES), matrixOf(ENTRIES), (samples, decoder) => {
      const bias = new Float32Array(ENTRIES);
      const screen = screenOfRank(2 * GROUP_WIDTH, balancedBasis(samples, decoder), decoder, bias);
      const mean = Float32Array.from({ length: HIDDEN }, (_, i) => {
        let sum = 0;
        for (let row = 0; row < SAMPLES; row++) sum += samples.data[row * HIDDEN + i]!;
        return sum / SAMPLES;
      });
      for (let entry = 0; entry < ENTRIES; entry++) {
        const row = decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
        const exact = row.reduce((sum, weight, i) => sum + weight * mean[i]!, 0);
        const excess = boundOf(screen, mean, entry, false) - exact;
        expect(excess).toBeLessThan(0.05 * Math.max(1, Math.hypot(...row) * Math.hypot(...mean)));
      }
    }),
  );
});

test('rounding up gives a float32 that is not below, and less than two steps away', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e30, max: 1e30, noNaN: true }), (value) => {
      const up = roundedUp(value);
      expect(Math.fround(up)).toBe(up);
      expect(up).toBeGreaterThanOrEqual(value);
      expect(up - value).toBeLessThanOrEqual(Math.abs(value) * 2 ** -22 + 2 ** -148);
    }),
  );
});
