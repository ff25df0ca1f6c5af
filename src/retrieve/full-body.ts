import type { JsonObject } from '../dialect/dialect.js';
import { sparseQuery } from '../query/sparse-query.js';
import type { SparseVector } from '../sparse/sparse-vector.js';
import type { OpenedField } from './opened-field.js';

/** What is asked beside the vector. */
export interface BodyOptions {
  readonly size: number;
  readonly filter?: JsonObject;
  /** The body's `_source`; with the vectors where absent. */
  readonly source?: unknown;
}

/** The body that asks an index with all of a vector's terms. */
export function fullBody(
  index: OpenedField,
  vector: SparseVector,
  { size, filter, source = index.dialect.sourceWithVectors }: BodyOptions,
): JsonObject {
  return {
    query: filtered(sparseQuery(vector, index).query, filter),
    size,
    track_total_hits: false,
    _source: source,
  };
}

/** A query whose documents must pass a filter that changes no score. */
export function filtered(query: JsonObject, filter: JsonObject | undefined): JsonObject {
  return filter ? { bool: { must: [query], filter: [filter] } } : query;
}
