import fc from 'fast-check';
import { shortDecimal } from '../../../src/sparse/short-decimal.js';

const weights = fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }).map((weight) => weight + 0);
/** As models give them, and every power of ten with the floats beside it. */
const usualWeights = fc.oneof(
  fc.float({ min: Math.fround(0.00009), max: Math.fround(110_000), noNaN: true }),
  fc
    .tuple(fc.integer({ min: -5, max: 6 }), fc.integer({ min: -2, max: 2 }))
    .map(([power, steps]) => Math.fround(10 ** power * (1 + steps * 2 ** -23))),
);

test('a short decimal rounds to the float32 that it came from', () => {
  fc.assert(
    fc.property(weights, (weight) => {
      expect(Math.fround(shortDecimal(weight))).toBe(weight);
    }),
    { numRuns: 10_000 },
  );
});

test('no decimal of fewer digits does, of 5 at least', () => {
  fc.assert(
    fc.property(fc.oneof(weights, usualWeights), (weight) => {
      const digits = [5, 6, 7, 8, 9].find((count) => Math.fround(Number(weight.toPrecision(count))) === weight);
      expect(shortDecimal(weight)).toBe(Number(weight.toPrecision(digits)));
    }),
    { numRuns: 20_000 },
  );
});
