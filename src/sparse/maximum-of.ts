import type { SparseVector } from './sparse-vector.js';

/** Ids, ascending, and their weights: a vector without its vocabulary. */
type Entries = Pick<SparseVector, 'ids' | 'weights'>;

/** For each id that any of the vectors has, its largest weight. */
export function maximumOf(vectors: readonly Entries[]): Entries {
  if (vectors.length === 1) return vectors[0]!;
  const largest = new Map<number, number>();
  for (const { ids, weights } of vectors) {
    ids.forEach((id, i) => {
      if (weights[i]! > (largest.get(id) ?? 0)) largest.set(id, weights[i]!);
    });
  }
  const ids = Uint32Array.from(largest.keys()).sort();
  return { ids, weights: Float32Array.from(ids, (id) => largest.get(id)!) };
}
