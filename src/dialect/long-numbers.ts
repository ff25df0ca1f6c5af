/** Characters, digits and point, from which on a number may be one that no float64 is: fewer digits are always exact (float64 has 15). */
const LONG = 16;
const [POINT, ZERO, NINE] = [46, 48, 57];
const EXPONENT = /[eE][+-]?\d+/y;

/**
 * Whether a text has a number of {@link LONG} or more digits and points that is `wanted`; what looks like one inside a string counts, too, but for what begins
 * with a point, as no number does (the dots of a table of contents). A run of so many
 * covers a position that so many divide: only at those is looked, which is some ten times as quick as any expression that looks at every character.
 * @param wanted asked with the number as it stands there, without its sign.
 */
export function hasLongNumber(text: string, wanted: (number: string) => boolean): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isOfNumber(text, at)) continue;
    let [start, end] = [at, at + 1];
    while (isOfNumber(text, start - 1)) start--;
    while (isOfNumber(text, end)) end++;
    if (end - start >= LONG && text.charCodeAt(start) !== POINT && wanted(text.slice(start, endOfExponent(text, end))))
      return true;
    at += Math.floor((end - 1 - at) / LONG) * LONG;
  }
  return false;
}

function isOfNumber(text: string, at: number): boolean {
  // NaN, which is neither, before the text and after it.
  const code = text.charCodeAt(at);
  return (code >= ZERO && code <= NINE) || code === POINT;
}

function endOfExponent(text: string, end: number): number {
  EXPONENT.lastIndex = end;
  return EXPONENT.test(text) ? EXPONENT.lastIndex : end;
}
