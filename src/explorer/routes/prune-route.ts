import { z } from 'zod';
import { percentile } from '../../evaluate/percentile.js';
import { searchedIndexOf } from '../../evaluate/systems/searched-index.js';
import { splade } from '../../evaluate/systems/splade.js';
import { dotProduct } from '../../sparse/dot-product.js';
import { parsePruning } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import type { SampledDocument } from '../document-sample.js';
import { type Explored, indexOf } from '../explored.js';

const TOP = 10;
/** Times that each of both is asked, to be timed. */
const ROUNDS = 3;

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
  // In turn, so that what is slow for a moment is slow for both; the first round is not counted, for it fills caches for the second.
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++)
    rounds.push({ full: await run(splade()), pruned: await run(splade(queryPruning)) });
  const [first, ...timed] = rounds;
  const timesOf = (which: 'full' | 'pruned') => timed.map((round) => round[which].milliseconds);
  return {
    query: {
      full: { clauses: first!.full.clauses, milliseconds: percentile(timesOf('full'), 0.5) },
      pruned: { clauses: first!.pruned.clauses, milliseconds: percentile(timesOf('pruned'), 0.5) },
      overlap: overlapOf(first!.full.ids, first!.pruned.ids),
    },
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
  // A document that keeps passages stands there once for each.
  return [...new Set(matching.map(({ id }) => id))].slice(0, TOP);
}

/** The share of the first list that the second one has; 1 where there is nothing to lose. */
function overlapOf(wanted: readonly string[], found: readonly string[]): number {
  const has = new Set(found);
  return wanted.length === 0 ? 1 : wanted.filter((id) => has.has(id)).length / wanted.length;
}

function meanSize(documents: readonly SampledDocument[]): number {
  return documents.reduce((sum, { vector }) => sum + vector.size, 0) / Math.max(1, documents.length);
}
