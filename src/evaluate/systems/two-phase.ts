import type { JsonObject } from '../../dialect/dialect.js';
import { sparseQuery } from '../../query/sparse-query.js';
import { type Pruning, ratioOfMax } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { type SearchedIndex, type System, searchScores } from './system.js';

/** OpenSearch's defaults (neural_sparse_two_phase_processor): heavy terms are those of 0.4 times the heaviest and more. */
const HEAVY = ratioOfMax(0.4);
const WINDOW_BY_SIZE = 5;
/** Both engines' `index.max_rescore_window`. */
const LARGEST_WINDOW = 10_000;

/**
 * The heavy terms of the query find five times as many documents as are wanted; those, and only those, get the score of the
 * other terms added (`rescore`). An approximation: a document that the light terms would have lifted from below is missed.
 */
export function twoPhase(heavy: Pruning = HEAVY): System {
  return {
    spec: heavy === HEAVY ? 'two-phase' : `two-phase(${heavy.spec})`,
    approximates: 'splade',
    async rank(index, { vector }, options) {
      const { size, page = size } = options;
      const window = Math.min(LARGEST_WINDOW, WINDOW_BY_SIZE * page);
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
