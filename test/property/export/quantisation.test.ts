import fc from 'fast-check';
import { LossMeter, scoreDifferenceBound } from '../../../src/export/loss-meter.js';
import { bits, featureField, parseQuantisation, scale, unquantised } from '../../../src/export/quantisation.js';
import { quantise } from '../../../src/export/quantise.js';
import { tokenVector } from '../../../src/export/token-vector.js';
import { vectors } from '../../support/vectors.js';

const linear = fc.oneof(
  fc.double({ min: 0.5, max: 2000, noNaN: true }).map(scale),
  fc.constantFrom(scale(100), scale(51.2)),
  fc
    .tuple(fc.integer({ min: 1, max: 24 }), fc.double({ min: 0.1, max: 10, noNaN: true }))
    .map(([n, top]) => bits(n, top)),
);
const quantisations = fc.oneof(linear, fc.constantFrom(unquantised, featureField, bits(8)));
const weight = fc.float({ min: Math.fround(1e-6), max: 8, noNaN: true });

describe('every quantisation', () => {
  it('keeps order', () => {
    fc.assert(fc.property(quantisations, weight, weight, (q, a, b) => a > b || q.impactOf(a) <= q.impactOf(b)));
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(quantisations, weight, (q, w) => {
        const read = parseQuantisation(q.spec);
        return read.spec === q.spec && read.impactOf(w) === q.impactOf(w);
      }),
    );
  });

  it('reports a bound that no score exceeds', () => {
    fc.assert(
      fc.property(quantisations, vectors(), vectors(), (q, query, document) => {
        const meters = [new LossMeter(q), new LossMeter(q)] as const;
        const given = [tokenVector('q', query), tokenVector('d', document)] as const;
        const kept = given.map((vector, i) => quantise(vector, q, meters[i]!));
        const before = dot(given[0], given[1]);
        const after = dot(kept[0]!, kept[1]!) / q.scale ** 2;
        const bound = scoreDifferenceBound(meters[0].loss, meters[1].loss);
        // The sums of the bound itself are rounded, in double precision.
        return Math.abs(after - before) <= bound * (1 + 1e-12) + 1e-12;
      }),
    );
  });
});

describe('linear quantisations', () => {
  it('give whole numbers, off by at most half a step where nothing is clipped', () => {
    fc.assert(
      fc.property(linear, weight, (q, w) => {
        const impact = q.impactOf(w);
        const clipped = impact === q.ceiling;
        return Number.isInteger(impact) && (clipped || Math.abs(impact / q.scale - w) <= (0.5 / q.scale) * (1 + 1e-9));
      }),
    );
  });

  it('take a decimal for the float32 that it stands for', () => {
    // 0.145 is 0.14499999582767487 as a float32.
    expect(scale(100).impactOf(0.145)).toBe(14);
  });

  it('round halves to even, as numpy does when naver and Pyserini quantise', () => {
    const values = [0.5, 1.5, 2.5, 3.5, 126.5, 0.49999999999999994];
    expect(values.map(scale(1).impactOf)).toEqual([0, 2, 2, 4, 126, 0]); // np.rint(values)
  });

  it('count what becomes zero and what is clipped', () => {
    const meter = new LossMeter(bits(2, 3));
    quantise({ id: 'd', tokens: ['a', 'b', 'c', 'd'], weights: [0.4, 1.1, 3, 3.6] }, bits(2, 3), meter);
    expect(meter.loss).toMatchObject({ vectors: 1, terms: 4, zeros: 1, clipped: 1, largestImpact: 3 });
    expect(meter.loss.largestWeightError).toBeCloseTo(0.6, 12);
  });
});

describe('a quantisation that makes no sense', () => {
  it.each([
    '',
    'scale()',
    'scale(0)',
    'scale(-1)',
    'scale(1,2)',
    'bits(0)',
    'bits(25)',
    'bits(8,0)',
    'bits(1.5)',
    'x100',
  ])('refuses %j and says how it is written', (spec) => {
    expect(() => parseQuantisation(spec)).toThrow(
      expect.objectContaining({ code: 'QUANTISATION_INVALID', remedy: expect.stringContaining('scale(FACTOR)') }),
    );
  });
});

function dot(a: { tokens: readonly string[]; weights: readonly number[] }, b: typeof a): number {
  const weights = new Map(b.tokens.map((token, i) => [token, b.weights[i]!]));
  return a.tokens.reduce((sum, token, i) => sum + a.weights[i]! * (weights.get(token) ?? 0), 0);
}
