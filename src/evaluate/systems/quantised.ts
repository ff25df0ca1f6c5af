import { mustHoldOneVector } from '../../dialect/kept-passages.js';
import type { Quantisation } from '../../export/quantisation.js';
import { sparseQuery } from '../../query/sparse-query.js';
import { storedVectors } from '../../verify/stored-vectors.js';
import { ImpactIndex } from './impact-index.js';
import type { SearchedIndex, System } from './system.js';

/**
 * What another system would answer that was given this index's vectors, quantised, and quantised queries: the dot products of
 * impacts, divided by the square of the scale so that scores compare with unquantised ones. The vectors are read from the index
 * once and ranked in this process ({@link ImpactIndex}), so latencies are not those of that system.
 */
export function quantised(quantisation: Quantisation): System {
  const opened = new WeakMap<SearchedIndex, Promise<ImpactIndex>>();
  const impacts = (weights: Iterable<readonly [string, number]>) => impactsOf(weights, quantisation);
  return {
    spec: `splade+quantise(${quantisation.spec})`,
    approximates: 'splade',
    async rank(index, { vector }, { size, signal }) {
      const impactIndex = opened.get(index) ?? readImpacts(index, quantisation, signal);
      opened.set(index, impactIndex);
      const { features } = sparseQuery(vector, index);
      const asked = [...impacts(features.map(({ name, weight }) => [name, weight] as const))];
      const unit = quantisation.scale ** 2;
      const ranked = (await impactIndex).rank(asked, size);
      return { documents: ranked.map(({ id, score }) => ({ id, score: score / unit })), clauses: asked.length };
    },
  };
}

async function readImpacts(
  { engine, index, field, dialect }: SearchedIndex,
  quantisation: Quantisation,
  signal: AbortSignal | undefined,
): Promise<ImpactIndex> {
  mustHoldOneVector(`the vectors of index ${index}, quantised`, field, dialect);
  const impactIndex = new ImpactIndex();
  await using snapshot = await engine.snapshot(index, { signal });
  for await (const page of storedVectors(snapshot, { index, field, dialect }, signal)) {
    for (const { id, vectors } of page) impactIndex.add(id, impactsOf(Object.entries(vectors[0] ?? {}), quantisation));
  }
  return impactIndex;
}

function* impactsOf(weights: Iterable<readonly [string, number]>, quantisation: Quantisation) {
  for (const [feature, weight] of weights) {
    const impact = quantisation.impactOf(weight);
    if (impact > 0) yield [feature, impact] as const;
  }
}
