import type { SparseIndex } from '../retrieve/sparse-index.js';
import { SparseVector } from '../sparse/sparse-vector.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import { storedVectors } from '../verify/stored-vectors.js';

/** Documents that pruning is tried on: enough for an impression, few enough for a slider. */
const MOST = 500;

/** A document's vector, with tokens for names. */
export interface SampledDocument {
  readonly id: string;
  readonly vector: SparseVector;
}

/** The first documents of an index, with the vectors that it stores. @throws {VectorsNotReadable} */
export async function sampleDocuments(index: SparseIndex, vocabulary: Vocabulary): Promise<SampledDocument[]> {
  const { engine, name, field, dialect } = index;
  const sample: SampledDocument[] = [];
  await using snapshot = await engine.snapshot(name);
  for await (const page of storedVectors(snapshot, { index: name, field, dialect })) {
    for (const { id, vector } of page.flatMap(({ id, vectors }) => vectors.map((vector) => ({ id, vector })))) {
      const terms = Object.entries(vector).map(([feature, weight]) => [dialect.names.tokenOf(feature), weight]);
      sample.push({ id, vector: SparseVector.fromTerms(vocabulary, Object.fromEntries(terms)) });
      if (sample.length === MOST) return sample;
    }
  }
  return sample;
}
