import type { Dialect, WeightedFeature } from '../dialect/dialect.js';

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

/**
 * What a document's score is made of, the largest product first; the products add up to the engine's `_score`.
 * @param features the query's features as they were sent.
 * @param vector the document's vector as its source carries it; anything but an object matches nothing.
 */
export function matchedTerms(
  features: readonly WeightedFeature[],
  vector: unknown,
  dialect: Pick<Dialect, 'names' | 'stored'>,
): MatchedTerm[] {
  if (typeof vector !== 'object' || vector === null) return [];
  return features
    .filter(({ name }) => Object.hasOwn(vector, name))
    .map(({ name, weight }) => {
      const stored = dialect.stored((vector as Record<string, number>)[name]!);
      return { token: dialect.names.tokenOf(name), query: weight, stored, product: featureProduct(weight, stored) };
    })
    .sort((a, b) => b.product - a.product);
}
