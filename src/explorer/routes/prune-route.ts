import { z } from 'zod';
import { searchedIndexOf } from '../../evaluate/systems/searched-index.js';
import { splade } from '../../evaluate/systems/splade.js';
import { dotProduct } from '../../sparse/dot-product.js';
import { parsePruning } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import type { SampledDocument } from '../document-sample.js';
import { type Explored, indexOf } from '../explored.js';

const TOP = 10;

export const pruneRequest = z.object({
  text: z.string().min(1).max(10_000),
  query: z.string().max(200),
  documents: z.string().max(200),
});

/**
 * `POST /api/prune`: what a pruning of the query costs and changes on the engine itself, and what a pruning of documents would, on a sample
 * of the index's own vectors.
 */
export async function pruneRoute(
  explored: Explored,
  sample: readonly SampledDocument[],
  asked: z.infer<typeof pruneRequest>,
  signal: AbortSignal,
) {
  const index = indexOf(explored);
  const queryPruning = parsePruning(asked.query);
  const documentPruning = parsePruning(asked.documents);
  const [encoded] = await explored.encoder.encode([asked.text], { as: 'query', signal });
  const { vector } = encoded!;
  const run = async (system: ReturnType<typeof splade>) => {
    const began = performance.now();
    const topic = { id: 'explored', text: asked.text, vector };
    const { documents, clauses } = await system.rank(searchedIndexOf(index), topic, { size: TOP, signal });
    return { ids: documents.map(({ id }) => id), clauses, milliseconds: performance.now() - began };
  };
  const full = await run(splade());
  const pruned = await run(splade(queryPruning));
  return {
    query: { full, pruned, overlap: overlapOf(full.ids, pruned.ids) },
    documents: pruneSample(sample, vector, (document) => documentPruning.prune(document)),
  };
}

function pruneSample(
  sample: readonly SampledDocument[],
  query: SparseVector,
  prune: (vector: SparseVector) => SparseVector,
) {
  const pruned = sample.map(({ id, vector }) => ({ id, vector: prune(vector) }));
  const before = topOf(sample, query);
  return {
    sampled: sample.length,
    nonZerosBefore: meanSize(sample),
    nonZerosAfter: meanSize(pruned),
    overlap: overlapOf(before, topOf(pruned, query)),
  };
}

function topOf(documents: readonly SampledDocument[], query: SparseVector): string[] {
  const scored = documents.map(({ id, vector }) => ({ id, score: dotProduct(query, vector) }));
  const matching = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  return matching.slice(0, TOP).map(({ id }) => id);
}

/** The share of the first list that the second one has; 1 where there is nothing to lose. */
function overlapOf(wanted: readonly string[], found: readonly string[]): number {
  const has = new Set(found);
  return wanted.length === 0 ? 1 : wanted.filter((id) => has.has(id)).length / wanted.length;
}

function meanSize(documents: readonly SampledDocument[]): number {
  return documents.reduce((sum, { vector }) => sum + vector.size, 0) / Math.max(1, documents.length);
}
