import type { Dialect, JsonObject, WeightedFeature } from '../dialect/dialect.js';
import { topK } from '../sparse/pruning.js';
import type { SparseVector, Term } from '../sparse/sparse-vector.js';

/** A query of the engine's own language, and what it leaves out of the vector it was made from. */
export interface SparseQuery {
  /** The query object: what stands under `query` in a search body. */
  readonly query: JsonObject;
  /** The features asked for, in the order of the clauses: heaviest first. */
  readonly features: readonly WeightedFeature[];
  /** Terms left out because the engine takes no more clauses, heaviest first; empty where the query is exact. */
  readonly dropped: readonly Term[];
}

/** What a query is made for. */
export interface SparseQueryOptions {
  readonly dialect: Dialect;
  /** The vector field. */
  readonly field: string;
  /** How many features the engine takes in one query; the dialect's own limit where absent. */
  readonly maxFeatures?: number;
  /** What an answer calls the passages that matched: see `Dialect.query`. */
  readonly name?: string;
}

/**
 * The query whose score is the dot product of `vector` with each document's stored vector. An empty vector asks for nothing
 * (`match_none`), since its dot product with everything is 0. Weights above the engine's limit are divided by a power of two and the score
 * multiplied by it, which in binary arithmetic changes nothing. Past the engine's clause limit the lightest terms are dropped, and reported.
 */
export function sparseQuery(vector: SparseVector, options: SparseQueryOptions): SparseQuery {
  const { dialect, maxFeatures = dialect.limits.features } = options;
  const asked = topK(maxFeatures).prune(vector);
  const features = asked.heaviestFirst().map(({ token, weight }) => ({ name: dialect.names.nameOf(token), weight }));
  return {
    query: features.length === 0 ? { match_none: {} } : rescaled(features, options),
    features,
    dropped: vector.heaviestFirst().slice(asked.size),
  };
}

function rescaled(features: readonly WeightedFeature[], { dialect, field, name }: SparseQueryOptions): JsonObject {
  const divisor = powerOfTwoFor(features[0]!.weight / dialect.limits.queryWeight);
  if (divisor === 1) return dialect.query(field, features, name);
  const divided = features.map(({ name, weight }) => ({ name, weight: weight / divisor }));
  return { bool: { must: [dialect.query(field, divided, name)], boost: divisor } };
}

/** The smallest power of two, at least 1, that a number divided by is at most 1. */
function powerOfTwoFor(excess: number): number {
  return excess <= 1 ? 1 : 2 ** Math.ceil(Math.log2(excess));
}
