/** 9 significant digits tell any two float32 values apart (IEEE 754, 5.12.2). */
const MOST_DIGITS = 9;
const FEWEST_DIGITS = 5;

/**
 * A float32 of 0 or more as the number with the shortest decimal form that rounds to it again: written as JSON it takes about half the
 * characters of the float32 widened to a double, and loses nothing.
 */
export function shortDecimal(weight: number): number {
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    const short = Number(weight.toPrecision(digits));
    if (Math.fround(short) === weight) return short;
  }
  return Number(weight.toPrecision(MOST_DIGITS));
}
