import { shortDecimal } from '../sparse/short-decimal.js';
import type { SparseVector } from '../sparse/sparse-vector.js';

/**
 * A document or query at the border: its terms by name, in the order in which they came (a vocabulary's ids rise, a file has an
 * order of its own), `weights[i]` the weight of `tokens[i]`. Tokens are unique, weights positive and finite.
 */
export interface TokenVector {
  readonly id: string;
  readonly tokens: readonly string[];
  readonly weights: readonly number[];
}

/** The vector of a model, by name, in order of its vocabulary. */
export function tokenVector(id: string, vector: SparseVector): TokenVector {
  return {
    id,
    tokens: Array.from(vector.ids, (i) => vector.vocabulary.tokenOf(i)),
    weights: Array.from(vector.weights),
  };
}

/** The terms as a JSON object. Written by hand: an object of JavaScript would put names like "2020" first. */
export function termsJson({ tokens, weights }: TokenVector): string {
  let json = '{';
  for (let i = 0; i < tokens.length; i++)
    json += `${i > 0 ? ',' : ''}${JSON.stringify(tokens[i])}:${decimal(weights[i]!)}`;
  return `${json}}`;
}

function decimal(weight: number): number {
  return Number.isInteger(weight) ? weight : shortDecimal(Math.fround(weight));
}
