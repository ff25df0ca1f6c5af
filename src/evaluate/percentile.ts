/**
 * The `q`-th quantile, `0 <= q <= 1`, of values in any order, between neighbours by distance (R's and numpy's default, type 7); 0 where
 * there are none.
 */
export function percentile(values: readonly number[], q: number): number {
  const rising = [...values].sort((a, b) => a - b);
  const at = q * (rising.length - 1);
  const below = rising[Math.floor(at)] ?? 0;
  const above = rising[Math.ceil(at)] ?? 0;
  return below + (above - below) * (at - Math.floor(at));
}

/** The mean; 0 where there are no values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
