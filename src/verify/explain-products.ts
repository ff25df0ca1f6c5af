import type { Dialect, WeightedFeature } from '../dialect/dialect.js';
import { featureProduct } from './expected-score.js';
import type { StoredVector } from './stored-vectors.js';

/** One term of a score: `product = float32(query x stored)`. */
export interface ExplainedProduct {
  readonly token: string;
  readonly query: number;
  /** The document's weight as the index keeps it. */
  readonly stored: number;
  readonly product: number;
}

/** What a document's score for a query is made of, the largest product first. Its sum, rounded to float32, is the engine's `_score`. */
export function explainProducts(
  features: readonly WeightedFeature[],
  vector: StoredVector,
  dialect: Pick<Dialect, 'names' | 'stored'>,
): ExplainedProduct[] {
  return features
    .filter(({ name }) => Object.hasOwn(vector, name))
    .map(({ name, weight }) => {
      const stored = dialect.stored(vector[name]!);
      return { token: dialect.names.tokenOf(name), query: weight, stored, product: featureProduct(weight, stored) };
    })
    .sort((a, b) => b.product - a.product);
}
