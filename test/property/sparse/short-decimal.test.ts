import fc from 'fast-check';
import { shortDecimal } from '../../../src/sparse/short-decimal.js';

test('a short decimal rounds to the float32 that it came from', () => {
  fc.assert(
    fc.property(
      fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }).map((weight) => weight + 0),
      (weight) => {
        expect(Math.fround(shortDecimal(weight))).toBe(weight);
      },
    ),
    { numRuns: 10_000 },
  );
});
