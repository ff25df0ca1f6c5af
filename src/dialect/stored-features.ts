import type { SparseVector } from '../sparse/sparse-vector.js';
import type { Dialect } from './dialect.js';

/** A vector as a document carries it under its vector field: feature names to weights, each as the index will keep it. */
export function storedFeatures(vector: SparseVector, dialect: Dialect): Record<string, number> {
  const entries: [string, number][] = [];
  for (const { token, weight } of vector.terms()) {
    const sent = dialect.sendable(weight);
    if (sent > 0) entries.push([dialect.names.nameOf(token), sent]);
  }
  // fromEntries defines every key as the object's own, `__proto__` included.
  return Object.fromEntries(entries);
}
