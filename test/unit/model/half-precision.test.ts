import fc from 'fast-check';
import { halfToSingle, singleToHalf } from '../../../src/model/half-precision.js';

const isNumber = (half: number) => (half & 0x7c00) !== 0x7c00;
const ALL = Array.from({ length: 2 ** 16 }, (_, half) => half).filter(isNumber);

test('every half comes back from its single', () => {
  expect(ALL.filter((half) => singleToHalf(halfToSingle(half)) !== half)).toEqual([]);
});

test('a single goes to the nearest half, and between two to the even one', () => {
  fc.assert(
    fc.property(fc.float({ min: -65_519, max: 65_519, noNaN: true }), (single) => {
      const half = singleToHalf(single);
      const distance = Math.abs(halfToSingle(half) - single);
      for (const neighbour of [half - 1, half + 1].filter((one) => one >= 0 && isNumber(one))) {
        const other = Math.abs(halfToSingle(neighbour) - single);
        expect(distance).toBeLessThanOrEqual(other);
        if (distance === other) expect(half % 2).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test('what lies beyond the largest half is infinite', () => {
  expect(halfToSingle(singleToHalf(65_519))).toBe(65_504);
  expect(halfToSingle(singleToHalf(65_520))).toBe(Number.POSITIVE_INFINITY);
  expect(halfToSingle(singleToHalf(-1e9))).toBe(Number.NEGATIVE_INFINITY);
});
