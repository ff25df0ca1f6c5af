import type { SparseIndex } from '../../retrieve/sparse-index.js';
import { storedVectors } from '../../verify/stored-vectors.js';

/** A vector that an index stores: of a document, or of one of its passages. */
export interface IndexVector {
  /** The document's. */
  readonly id: string;
  /** Weights as stored, by token. */
  readonly terms: Readonly<Record<string, number>>;
}

/** Every vector of an index, by token, from one snapshot. @throws {VectorsNotReadable} */
export async function* indexVectors(index: SparseIndex, signal?: AbortSignal): AsyncGenerator<IndexVector> {
  const { engine, name, field, dialect } = index;
  await using snapshot = await engine.snapshot(name, { signal });
  for await (const page of storedVectors(snapshot, { index: name, field, dialect }, signal)) {
    for (const { id, vectors } of page)
      for (const vector of vectors) yield { id, terms: byToken(vector, dialect.names) };
  }
}

function byToken(vector: Readonly<Record<string, number>>, { tokenOf }: SparseIndex['dialect']['names']) {
  return Object.fromEntries(Object.entries(vector).map(([feature, weight]) => [tokenOf(feature), weight]));
}
