import { shortDecimal } from './short-decimal.js';
import type { Term } from './sparse-vector.js';

/**
 * Terms as one JSON object, token to weight, in the order given: written by hand, for a JavaScript object would put tokens such as
 * "1999" first. Weights are the shortest decimals that are read as the same float32.
 */
export function termsJson(terms: Iterable<Term>): string {
  const entries: string[] = [];
  for (const { token, weight } of terms) entries.push(`${JSON.stringify(token)}:${shortDecimal(weight)}`);
  return `{${entries.join()}}`;
}
