import { refuse } from './known-keys.js';

/**
 * How many of so many optional clauses a document must match, as the engines count (their Queries.calculateMinShouldMatch): `2`, `-1` (all but one), `75%`,
 * `-25%`, and conditions, `2<75%` (all of up to two, then 75 %).
 */
export function minimumShouldMatch(clauses: number, written: unknown): number {
  const text = String(written).trim();
  if (!text.includes('<')) return simple(clauses, text);
  let least = clauses;
  for (const condition of text.replaceAll(/\s*<\s*/g, '<').split(/\s+/)) {
    const [bound = '', then = ''] = condition.split('<');
    if (clauses <= wholeNumber(bound)) return least;
    least = simple(clauses, then);
  }
  return least;
}

function simple(clauses: number, text: string): number {
  const isShare = text.endsWith('%');
  const number = wholeNumber(isShare ? text.slice(0, -1) : text);
  const count = isShare ? Math.trunc(Math.fround(Math.fround(clauses * number) * Math.fround(1 / 100))) : number;
  return Math.max(0, count < 0 || Object.is(count, -0) || number < 0 ? clauses + count : count);
}

function wholeNumber(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : refuse(`[minimum_should_match] of [${text}] is no number`);
}
