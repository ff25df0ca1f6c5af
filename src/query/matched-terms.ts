import type { Dialect, WeightedFeature } from '../dialect/dialect.js';
import { passagesIn, type StoredVector } from '../dialect/kept-passages.js';

/** One term that a query and a document share. */
export interface MatchedTerm {
  readonly token: string;
  /** The query's weight, a float32. */
  readonly query: number;
  /** The document's weight as the index keeps it. */
  readonly stored: number;
  /** `float32(query x stored)`: what the term adds to the score. */
  readonly product: number;
}

/** The product of a query's weight and a stored weight, as Lucene makes it: in float32. */
export function featureProduct(queryWeight: number, storedWeight: number): number {
  return Math.fround(Math.fround(queryWeight) * storedWeight);
}

/** The passage of a document that made its score, where the document keeps passages, and what the score is made of. */
export interface MatchedPassage {
  /** The passage's words; absent where the document has one vector. */
  readonly text?: string;
  readonly terms: readonly MatchedTerm[];
}

/**
 * What a document's score is made of, the largest product first; the products add up to the engine's `_score`.
 * @param features the query's features as they were sent.
 * @param value the document's vector, or its passages, as its source carries them; anything but an object matches nothing.
 */
export function matchedTerms(
  features: readonly WeightedFeature[],
  value: unknown,
  dialect: Pick<Dialect, 'names' | 'stored'>,
): readonly MatchedTerm[] {
  return matchedPassage(features, value, dialect).terms;
}

/** {@link matchedTerms} with the passage that they are of: the best one, the first of equals. */
export function matchedPassage(
  features: readonly WeightedFeature[],
  value: unknown,
  dialect: Pick<Dialect, 'names' | 'stored'>,
): MatchedPassage {
  let best: MatchedPassage = { terms: [] };
  let largest = 0;
  for (const { text, vector } of passagesIn(value)) {
    const terms = termsOf(features, vector, dialect);
    const score = terms.reduce((sum, { product }) => sum + product, 0);
    if (score <= largest) continue;
    largest = score;
    best = { terms, ...(text !== undefined && { text }) };
  }
  return best;
}

function termsOf(
  features: readonly WeightedFeature[],
  vector: StoredVector,
  dialect: Pick<Dialect, 'names' | 'stored'>,
): MatchedTerm[] {
  return features
    .filter(({ name }) => Object.hasOwn(vector, name))
    .map(({ name, weight }) => {
      const stored = dialect.stored(vector[name]!);
      return { token: dialect.names.tokenOf(name), query: weight, stored, product: featureProduct(weight, stored) };
    })
    .sort((a, b) => b.product - a.product);
}
