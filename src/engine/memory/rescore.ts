import type { JsonObject } from '../../dialect/dialect.js';
import { evaluateQuery } from './evaluate-query.js';
import type { Scope } from './evaluation.js';
import { known, refuse } from './known-keys.js';
import type { Scored } from './search-segment.js';

/** One entry of a body's `rescore`, with the engines' defaults. */
export interface Rescore {
  readonly window: number;
  readonly query: JsonObject;
  readonly queryWeight: number;
  readonly rescoreWeight: number;
}

const DEFAULT_WINDOW = 10;

/** Reads a body's `rescore`: absent, one, or several that follow each other. */
export function rescoresOf(written: unknown): Rescore[] {
  const list = written === undefined ? [] : [written].flat();
  return list.map((one) => {
    const { window_size, query } = known(one, 'rescore', ['window_size', 'query']);
    const asked = known(query, 'rescore.query', [
      'rescore_query',
      'query_weight',
      'rescore_query_weight',
      'score_mode',
    ]);
    const { rescore_query, query_weight, rescore_query_weight, score_mode = 'total' } = asked;
    if (score_mode !== 'total') refuse(`[rescore] with [score_mode] of [${score_mode}]`);
    return {
      window: Number(window_size ?? DEFAULT_WINDOW),
      query: rescore_query as JsonObject,
      queryWeight: Math.fround(Number(query_weight ?? 1)),
      rescoreWeight: Math.fround(Number(rescore_query_weight ?? 1)),
    };
  });
}

/**
 * Scores the first `window` documents `queryWeight x score + rescoreWeight x second score`, in float32, and those behind as if the second query did
 * not match them, and orders them all anew, as the engines do (their QueryRescorer, `combine`).
 */
export function reorder(found: readonly Scored[], rescore: Rescore, scope: Scope): Scored[] {
  const { scores, matched } = evaluateQuery(scope, rescore.query);
  const rescored = found.map(({ doc, score }, place) => {
    const first = Math.fround(score * rescore.queryWeight);
    const isAsked = place < rescore.window && matched[doc];
    const second = isAsked ? Math.fround(scores[doc]! * rescore.rescoreWeight) : 0;
    return { doc, score: Math.fround(first + second) };
  });
  return rescored.sort((a, b) => b.score - a.score || a.doc - b.doc);
}
