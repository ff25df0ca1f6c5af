import fc from 'fast-check';
import { featureProduct } from '../../../src/query/matched-terms.js';
import { accepts, expectedScore } from '../../../src/verify/expected-score.js';

const products = fc.array(
  fc.tuple(
    fc.float({ min: Math.fround(1e-6), max: 100, noNaN: true }),
    fc.float({ min: Math.fround(1e-6), max: 10, noNaN: true }),
  ),
  { minLength: 1, maxLength: 300 },
);

const add = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** The exact sum as a fraction of 2^200: every float32 here is a whole number of those. */
function exactSum(numbers: readonly number[]): bigint {
  return numbers.reduce((sum, number) => {
    let scaled = number;
    let shift = 0n;
    while (!Number.isInteger(scaled)) {
      scaled *= 2;
      shift++;
    }
    return sum + (BigInt(scaled) << (200n - shift));
  }, 0n);
}

describe('the expected score', () => {
  it('accepts every order of addition', () => {
    fc.assert(
      fc.property(products, fc.infiniteStream(fc.nat()), (pairs, randoms) => {
        const terms = pairs.map(([query, stored]) => featureProduct(query, stored));
        const expected = expectedScore(add(terms), terms.length);
        const keys = new Map(terms.map((_, i) => [i, randoms.next().value as number]));
        const shuffled = terms
          .map((_, i) => i)
          .sort((a, b) => keys.get(a)! - keys.get(b)!)
          .map((i) => terms[i]!);
        const ascending = terms.toSorted((a, b) => a - b);
        return [shuffled, ascending, ascending.toReversed()].every((order) =>
          accepts(expected, Math.fround(add(order))),
        );
      }),
    );
  });

  it('accepts one float32, or two that are neighbours around the exact sum', () => {
    fc.assert(
      fc.property(products, (pairs) => {
        const terms = pairs.map(([query, stored]) => featureProduct(query, stored));
        const { score, lowest, highest } = expectedScore(add(terms), terms.length);
        const halfGap = (highest - lowest) / 2;
        const distance = exactSum([score]) - exactSum(terms);
        const magnitude = Number(distance < 0n ? -distance : distance) / 2 ** 200;
        return lowest === highest ? lowest === score : magnitude <= halfGap * (1 + 1e-6);
      }),
    );
  });

  it('refuses the float32 next to the right one', () => {
    const expected = expectedScore(1.5, 3);
    expect(accepts(expected, 1.5)).toBe(true);
    expect(accepts(expected, 1.5 + 2 ** -23)).toBe(false);
    expect(accepts(expected, 1.5 - 2 ** -23)).toBe(false);
  });
});
