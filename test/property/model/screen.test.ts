import fc from 'fast-check';
import {
  GROUP_WIDTH,
  LARGEST_ACTIVATION,
  type LowRankScreen,
  type Screen,
  type WholeNumberScreen,
} from '../../../src/model/graph/decoder/screen.js';
import type { Tensor } from '../../../src/model/safetensors.js';
import { type Basis, balancedBasis } from '../../../src/model/screen/balanced-basis.js';
import { makeScreen } from '../../../src/model/screen/make-screen.js';
import { matrixTimes, timesMatrix } from '../../../src/model/screen/products.js';
import { roundedUp } from '../../../src/model/screen/rounding.js';
import { screenOfRank } from '../../../src/model/screen/screen-of-rank.js';
import { wholeNumberScreen } from '../../../src/model/screen/whole-number-screen.js';

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
    sum = fround(sum + fround(left[at]! * right[at]!));
  }
  return sum;
}

/** The screen's bound, step by step in float32, as the graph takes it. */
function boundOf(screen: Screen, state: Float32Array, entry: number, backwards: boolean): number {
  return screen.kind === 'low-rank'
    ? lowRankBound(screen, state, entry, backwards)
    : wholeNumberBound(screen, state, entry, backwards);
}

const { fround } = Math;

/** Above the rounding of a norm, as the graph takes it. */
function normOf(state: Float32Array, backwards: boolean): number {
  return fround(fround(Math.sqrt(rounded(state, state, backwards))) * (1 + 2 ** -10));
}

function wholeNumberBound(screen: WholeNumberScreen, state: Float32Array, entry: number, backwards: boolean): number {
  const { table, scales, constants, perNorm, perStep } = screen;
  const largest = state.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step = Math.max(fround(largest * fround(1 / LARGEST_ACTIVATION)), fround(1e-30));
  const bytes = state.map((value) => Math.trunc(fround(fround(value / step) + 128.5)));
  expect(bytes.every((byte) => byte >= 0 && byte <= 255)).toBe(true);
  const factors = table.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
  const whole = factors.reduce((sum, factor, i) => sum + factor * (bytes[i]! - 128), 0);
  const product = fround(fround(whole * scales[entry]!) * step);
  const ofStates = fround(normOf(state, backwards) * perNorm[entry]!);
  return fround(fround(fround(product + ofStates) + fround(step * perStep[entry]!)) + constants[entry]!);
}

function lowRankBound(screen: LowRankScreen, state: Float32Array, entry: number, backwards: boolean): number {
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
  const ofStates = fround(normOf(state, backwards) * perNorm[entry]!);
  return fround(fround(product + constants[entry]!) + ofStates);
}

/** What is used of the bound: where it excludes, the logit is not positive, neither the exact one nor the rounded one. */
function mustNotExclude(screen: Screen, decoder: Tensor, bias: Float32Array, state: Float32Array, entry: number) {
  const row = decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
  const exact = row.reduce((sum, weight, i) => sum + weight * state[i]!, bias[entry]!);
  for (const backwards of [false, true]) {
    if (!(boundOf(screen, state, entry, backwards) <= 0)) continue;
    expect(exact).toBeLessThanOrEqual(0);
    expect(rounded(state, row, false) + bias[entry]!).toBeLessThanOrEqual(0);
    expect(rounded(state, row, true) + bias[entry]!).toBeLessThanOrEqual(0);
  }
}

test('excludes no entry with a positive logit, for states of any kind and size', () => {
  fc.assert(
    fc.property(
      matrixOf(SAMPLES),
      matrixOf(ENTRIES),
      fc.array(float, { minLength: ENTRIES, maxLength: ENTRIES }),
      fc.array(anyState, { minLength: 1, maxLength: 4 }),
      ranks,
      (samples, decoder, biases, states, rank) => {
        const bias = Float32Array.from(biases);
        const screen = screenOfRank(rank, balancedBasis(samples, decoder), decoder, bias);
        for (const state of [...states, samples.data.slice(0, HIDDEN)]) {
          for (let entry = 0; entry < ENTRIES; entry++) mustNotExclude(screen, decoder, bias, state, entry);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('of whole numbers excludes no entry with a positive logit, for states of any kind and size', () => {
  fc.assert(
    fc.property(
      matrixOf(ENTRIES),
      fc.array(float, { minLength: ENTRIES, maxLength: ENTRIES }),
      fc.array(anyState, { minLength: 1, maxLength: 4 }),
      (decoder, biases, states) => {
        const bias = Float32Array.from(biases);
        const screen = wholeNumberScreen(decoder, bias);
        for (const state of states) {
          for (let entry = 0; entry < ENTRIES; entry++) mustNotExclude(screen, decoder, bias, state, entry);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** States nearly half a step off their whole numbers, all to the side where it is lost, and entries that are whole, or as far off theirs. */
const halfWay = fc
  .tuple(
    fc.array(fc.integer({ min: -126, max: 126 }), { minLength: HIDDEN, maxLength: HIDDEN }),
    fc.array(fc.integer({ min: -62, max: 62 }), { minLength: HIDDEN, maxLength: HIDDEN }),
    fc.integer({ min: -20, max: 20 }),
    fc.constantFrom(0, 0.49),
  )
  .map(([steps, factors, exponent, off]) => {
    // The largest of each decides its step.
    const row = Float32Array.from(factors, (factor, i) => (i === 0 ? 63 : factor + off * Math.sign(steps[i]!)) / 64);
    const lost = (i: number) => 0.49 * Math.sign(row[i]!);
    const state = Float32Array.from(steps, (whole, i) => (i === 0 ? 127 : whole + lost(i)) * 2 ** exponent);
    return { row, state };
  });

test('of whole numbers excludes none where rounding takes the most and the logit is within units of zero', () => {
  fc.assert(
    fc.property(
      fc.array(halfWay, { minLength: ENTRIES, maxLength: ENTRIES }),
      fc.integer({ min: -4, max: 4 }),
      (cases, units) => {
        const decoder = { shape: [ENTRIES, HIDDEN], data: Float32Array.from(cases.flatMap(({ row }) => [...row])) };
        const bias = Float32Array.from(cases, ({ row, state }) => {
          const logit = rounded(state, row, false);
          return -logit + units * 2 ** -24 * Math.abs(logit);
        });
        const screen = wholeNumberScreen(decoder, bias);
        cases.forEach(({ state }, entry) => {
          mustNotExclude(screen, decoder, bias, state, entry);
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('of whole numbers is as tight as its steps are fine', () => {
  fc.assert(
    fc.property(matrixOf(ENTRIES), matrixOf(1), (decoder, { data: state }) => {
      const screen = wholeNumberScreen(decoder, new Float32Array(ENTRIES));
      const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (let entry = 0; entry < ENTRIES; entry++) {
        const row = decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
        const exact = row.reduce((sum, weight, i) => sum + weight * state[i]!, 0);
        // Twice half a step of either side at every coordinate, at most.
        const coarse = HIDDEN * largest(row) * largest(state) * (1 / 127 + 1 / 63);
        expect(boundOf(screen, state, entry, false) - exact).toBeLessThan(coarse * 1.01 + 1e-12);
      }
    }),
  );
});

test.each([
  [0.05, 'whole-numbers'],
  [100, 'low-rank'],
])('is of the kind that costs least where products of bytes take %f of the time', (timeOfBytes, kind) => {
  // Logits far below zero, and states of few dimensions: either kind leaves next to nothing.
  const states = {
    shape: [SAMPLES, HIDDEN],
    data: mixedTensor(SAMPLES).data.map((value, i) => (i % HIDDEN < 2 ? value : 0)),
  };
  const screen = makeScreen({
    states,
    decoder: mixedTensor(ENTRIES),
    bias: new Float32Array(ENTRIES).fill(-50),
    timeOfBytes,
  });
  expect(screen?.kind).toBe(kind);
});

test('is none where neither kind saves anything', () => {
  const bias = new Float32Array(ENTRIES).fill(50);
  expect(
    makeScreen({ states: mixedTensor(SAMPLES), decoder: mixedTensor(ENTRIES), bias, timeOfBytes: 0.25 }),
  ).toBeUndefined();
});

test('excludes none where the bound is tight and the logit within units of zero', () => {
  fc.assert(
    fc.property(
      matrixOf(SAMPLES),
      matrixOf(ENTRIES),
      ranks,
      fc.integer({ min: -4, max: 4 }),
      (samples, decoder, rank, units) => {
        const basis = balancedBasis(samples, decoder);
        const states = Array.from({ length: ENTRIES }, (_, entry) => alignedWith(basis, decoder, entry));
        const bias = Float32Array.from(states, (state, entry) => {
          const logit = rounded(state, decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN), false);
          return -logit + units * 2 ** -24 * Math.abs(logit);
        });
        const screen = screenOfRank(rank, basis, decoder, bias);
        states.forEach((state, entry) => {
          mustNotExclude(screen, decoder, bias, state, entry);
        });
      },
    ),
    { numRuns: 200 },
  );
});

/** The state whose coordinates are those of an entry, so that Cauchy-Schwarz loses nothing. */
function alignedWith({ mean, dual }: Basis, decoder: Tensor, entry: number): Float32Array {
  const row = decoder.data.subarray(entry * HIDDEN, (entry + 1) * HIDDEN);
  const y = timesMatrix(row, dual, new Float64Array(HIDDEN));
  const offset = matrixTimes(dual, y, new Float64Array(HIDDEN));
  return Float32Array.from(mean, (value, i) => value + offset[i]!);
}

test.each([
  ['states that are all the same', constantTensor(SAMPLES, 1), mixedTensor(ENTRIES)],
  ['a decoder of zeros', mixedTensor(SAMPLES), constantTensor(ENTRIES, 0)],
  ['a state that is no number', constantTensor(SAMPLES, Number.NaN), mixedTensor(ENTRIES)],
])('makes no screen of %s, or one that excludes rightly', (_, states, decoder) => {
  const bias = new Float32Array(ENTRIES).fill(-1);
  for (const timeOfBytes of [0.25, 100]) {
    const screen = makeScreen({ states, decoder, bias, timeOfBytes });
    for (let entry = 0; screen && entry < ENTRIES; entry++) {
      mustNotExclude(screen, decoder, bias, mixedTensor(1).data, entry);
    }
    if (screen) expect([...screen.constants, ...screen.table.data].every(Number.isFinite)).toBe(true);
  }
});

function constantTensor(rows: number, value: number): Tensor {
  return { shape: [rows, HIDDEN], data: new Float32Array(rows * HIDDEN).fill(value) };
}

function mixedTensor(rows: number): Tensor {
  return { shape: [rows, HIDDEN], data: Float32Array.from({ length: rows * HIDDEN }, (_, i) => Math.sin(i * i)) };
}

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
