/**
 * The score that an engine must give, from the products of a query's and a document's shared features.
 *
 * Lucene multiplies in float32 (`FeatureField.LinearFunction`: boost x decoded value), adds the products in double precision
 * (`DisjunctionSumScorer`, `WANDScorer`, `MaxScoreBulkScorer`, `BooleanScorer`) and rounds the sum to float32 once. The products are thus known
 * to the bit. The order of the additions is not: it follows from which scorer is chosen and how postings lie. Two orders of n positive
 * doubles differ by at most 2(n-1) u S, u = 2^-53 (Higham, Accuracy and Stability of Numerical Algorithms, 4.2). Where every
 * value of that interval rounds to the same float32, which is nearly always, the score is known to the bit whatever the order; where the
 * interval straddles a rounding boundary, two neighbouring float32 are both right, and nothing else is.
 */
export interface ExpectedScore {
  /** The sum in the order given, rounded to float32. */
  readonly score: number;
  /** The lowest and the highest float32 that some order of addition gives: mostly both equal to `score`. */
  readonly lowest: number;
  readonly highest: number;
}

const UNIT_ROUNDOFF = 2 ** -53;

/**
 * @param sum the products added in double precision, in any order; not negative.
 * @param products how many there are.
 */
export function expectedScore(sum: number, products: number): ExpectedScore {
  // 2(n-1) for the two orders; one more on each side for the rounding of these two lines themselves.
  const spread = sum * (2 * products) * UNIT_ROUNDOFF;
  return { score: Math.fround(sum), lowest: Math.fround(sum - spread), highest: Math.fround(sum + spread) };
}

/** Whether an engine's score is one of those that it may give. */
export function accepts(expected: ExpectedScore, score: number): boolean {
  return score >= expected.lowest && score <= expected.highest;
}
