import { randomBits } from './random-bits.js';

/** The result of a test on paired values. */
export interface PairedTest {
  /** Mean of `a - b`. */
  readonly difference: number;
  /** Two-sided: how often chance alone makes a difference at least as large. */
  readonly p: number;
  /** Whether every assignment of signs was tried, so that `p` is no estimate. */
  readonly exact: boolean;
}

export interface RandomisationOptions {
  /** Assignments of signs that are drawn; where there are no more than this, all are tried. Default 100,000. */
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * Fisher's two-sided paired randomisation test: under the null hypothesis the two systems' values of a query may be swapped, so
 * each difference has either sign with equal chance (Smucker, Allan, Carterette, CIKM 2007). A drawn test counts the observed
 * assignment among the drawn ones, so `p` is never 0.
 * @param a values by query; `b` in the same order.
 */
export function randomisationTest(
  a: readonly number[],
  b: readonly number[],
  { resamples = 100_000, seed = 1 }: RandomisationOptions = {},
): PairedTest {
  const differences = Float64Array.from(a, (value, query) => value - b[query]!);
  const observed = Math.abs(sum(differences));
  // Sums of the same numbers with other signs may differ in their last bits.
  const bound = observed - 1e-12 * sum(differences.map(Math.abs));
  const assignments = 2 ** differences.length;
  const exact = assignments <= resamples;
  const p = exact
    ? countAll(differences, bound) / assignments
    : (countDrawn(differences, bound, resamples, randomBits(seed)) + 1) / (resamples + 1);
  return { difference: a.length === 0 ? 0 : sum(differences) / a.length, p, exact };
}

function countAll(differences: Float64Array, bound: number): number {
  let extreme = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    let total = 0;
    for (let i = 0; i < differences.length; i++) total += (signs >>> i) & 1 ? differences[i]! : -differences[i]!;
    if (Math.abs(total) >= bound) extreme++;
  }
  return extreme;
}

function countDrawn(differences: Float64Array, bound: number, resamples: number, bits: () => number): number {
  let extreme = 0;
  for (let drawn = 0; drawn < resamples; drawn++) {
    let total = 0;
    let signs = 0;
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) signs = bits();
      total += signs & 1 ? differences[i]! : -differences[i]!;
      signs >>>= 1;
    }
    if (Math.abs(total) >= bound) extreme++;
  }
  return extreme;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
