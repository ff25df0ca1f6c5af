import { mean } from '../percentile.js';

/**
 * The standard error of the mean of paired differences `a - b`: their standard deviation (of a sample, by `n - 1`) over the root of `n`.
 * `undefined` for fewer than two pairs, which tell nothing of how differences vary.
 * @param a values by query; `b` in the same order.
 */
export function pairedStandardError(a: readonly number[], b: readonly number[]): number | undefined {
  const { length } = a;
  if (length < 2) return undefined;
  const differences = a.map((value, query) => value - b[query]!);
  const centre = mean(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - centre) ** 2, 0);
  return Math.sqrt(squares / (length - 1) / length);
}
