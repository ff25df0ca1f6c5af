import type { JsonObject } from '../dialect/dialect.js';

/** A query with random scores, the same of the same seed as long as nothing is written: its first hits are drawn from all over an index. */
export function inRandomOrder(query: JsonObject, seed: number): JsonObject {
  return { function_score: { query, random_score: { seed, field: '_seq_no' } } };
}
