import type { JsonObject } from '../../dialect/dialect.js';
import { TWO_PHASE_DEFAULTS } from '../../dialect/os-neural-sparse.js';
import { sparseQuery } from '../../query/sparse-query.js';
import { type Pruning, ratioOfMax } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { type SearchedIndex, type System, searchScores } from './system.js';

const { pruneRatio, expansionRate, maxWindow } = TWO_PHASE_DEFAULTS;
const HEAVY = ratioOfMax(pruneRatio);

/**
 * What OpenSearch's two-phase processor does, on any engine: the heavy terms of the query find five times as many documents as are wanted; those, and
 * only those, get the score of the other terms added (`rescore`). An approximation: a document that the light terms would have lifted from below is
 * missed. Not the search in two phases of `SparseIndex`, which proves its page or asks all terms, and so answers what `splade` does.
 */
export function twoPhase(heavy: Pruning = HEAVY): System {
  return {
    spec: heavy === HEAVY ? 'two-phase' : `two-phase(${heavy.spec})`,
    approximates: 'splade',
    async rank(index, { vector }, options) {
      const { size, page = size } = options;
      const window = Math.min(maxWindow, expansionRate * page);
      const { body, clauses } = twoPhaseBody(index, vector, heavy.prune(vector), window);
      return { documents: await searchScores(index, body, options), clauses };
    },
  };
}

function twoPhaseBody(
  index: SearchedIndex,
  whole: SparseVector,
  heavy: SparseVector,
  window: number,
): { body: JsonObject; clauses: number } {
  const first = sparseQuery(heavy, index);
  const taken = new Set(heavy.ids);
  const light = sparseQuery(
    whole.where((position) => !taken.has(whole.ids[position]!)),
    index,
  );
  const clauses = first.features.length + light.features.length;
  if (light.features.length === 0) return { body: { query: first.query }, clauses };
  const rescore = { window_size: window, query: { rescore_query: light.query } };
  return { body: { query: first.query, rescore }, clauses };
}
