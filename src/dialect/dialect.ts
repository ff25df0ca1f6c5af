import type { FeatureNames } from './feature-names.js';

/** A JSON object, as engines take and give them. */
export type JsonObject = { [key: string]: unknown };

export const DIALECT_NAMES = ['rank-features', 'es-sparse-vector', 'os-neural-sparse'] as const;
/** Those that a version and a field's type tell, and OpenSearch's approximate one, which is made for a vocabulary: see `osSeismic`. */
export type DialectName = (typeof DIALECT_NAMES)[number] | 'os-seismic';

/** One term of a query or of a stored vector, by its feature name. */
export interface WeightedFeature {
  readonly name: string;
  readonly weight: number;
}

/**
 * How one engine, at one version, with one field type, says "sparse vector". A dialect owns the field mapping, the query
 * clause, feature names, what the index keeps of a weight, and the limits; no other room compares an engine's name or version.
 *
 * In every dialect here the engine's `_score` of a query is the sum over shared features of
 * `float32(float32(query weight) x stored(document weight))`, summed in double precision and rounded to float32 once
 * (Lucene's FeatureQuery, BoostQuery and disjunction scorers). `os-seismic` alone rounds the query's weights, too, and finds approximately.
 */
export interface Dialect {
  readonly name: DialectName;
  readonly names: FeatureNames;
  readonly limits: DialectLimits;

  /** The mapping of a vector field. */
  readonly field: JsonObject;

  /** Index settings that a vector field needs, flat keys; empty where there are none. */
  readonly settings: JsonObject;

  /** What goes into a search's `_source` so that answers carry the vectors; empty where they do anyway. */
  readonly sourceWithVectors: JsonObject;

  /** The weight nearest to `weight` that the index keeps whole, or 0 for one that it would refuse. `weight` is finite and not negative. */
  sendable(weight: number): number;

  /** What the index keeps of a weight that it was sent. For a weight that `sendable` gave, the same. */
  stored(weight: number): number;

  /**
   * The query whose score is the dot product. `features` is not empty; weights are positive float32, at most `limits.features` of them.
   * @param name under which an answer tells of the passages that matched, where documents keep passages; the field's unless given. No two
   *   queries of a body may have the same.
   */
  query(field: string, features: readonly WeightedFeature[], name?: string): JsonObject;
}

export interface DialectLimits {
  /** How many features one query may have before the engine refuses it, where its own default is in force. */
  readonly features: number;
  /** The largest weight of a query's feature that the engine takes; larger queries are rescaled by a power of two. */
  readonly queryWeight: number;
}
