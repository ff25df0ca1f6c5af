import { shortDecimal } from './short-decimal.js';
import type { Term } from './sparse-vector.js';

/**
 * Terms as one JSON object, token to weight, in the order given: written by hand, for a JavaScript object would put tokens such as
 * "1999" first. `nameOf` gives a term the name that it has there; weights are the shortest decimals that are read as the same float32.
 */
export function termsJson(terms: Iterable<Term>, nameOf = (token: string) => token): string {
  const entries: string[] = [];
  for (const { token, weight } of terms) entries.push(`${JSON.stringify(nameOf(token))}:${shortDecimal(weight)}`);
  return `{${entries.join()}}`;
}
