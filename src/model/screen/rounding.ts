/** The unit roundoff of float32. */
export const UNIT = 2 ** -24;

/** `n` roundings on end: Higham's gamma(n) = n u / (1 - n u) for float32. */
export function gamma(n: number): number {
  return (n * UNIT) / (1 - n * UNIT);
}

/** The smallest float32 that is not below a number, or the one after it. */
export function roundedUp(value: number): number {
  const nearest = Math.fround(value);
  return nearest >= value ? nearest : Math.fround(nearest + Math.abs(nearest) * 2 ** -23 + 2 ** -149);
}
