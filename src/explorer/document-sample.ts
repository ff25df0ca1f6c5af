import { indexVectors } from '../evaluate/statistics/index-vectors.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { SparseVector } from '../sparse/sparse-vector.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import { VectorsNotReadable } from '../verify/stored-vectors.js';

/** Documents that pruning is tried on: enough for an impression, few enough for a slider. */
const MOST = 500;

/** A document's vector, with tokens for names. */
export interface SampledDocument {
  readonly id: string;
  readonly vector: SparseVector;
}

/** The first documents of an index, with the vectors that it stores; none where it gives none back. */
export async function sampleDocuments(index: SparseIndex, vocabulary: Vocabulary): Promise<SampledDocument[]> {
  const sample: SampledDocument[] = [];
  try {
    for await (const { id, terms } of indexVectors(index)) {
      sample.push({ id, vector: SparseVector.fromTerms(vocabulary, terms) });
      if (sample.length === MOST) break;
    }
  } catch (thrown) {
    if (!(thrown instanceof VectorsNotReadable)) throw thrown;
  }
  return sample.some(({ vector }) => vector.size > 0) ? sample : [];
}
