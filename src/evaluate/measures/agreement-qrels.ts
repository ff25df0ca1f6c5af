import type { Qrels, Run } from './judgements.js';
import { judgedOrder, type TieOrder } from './trec-order.js';

/**
 * A run as judgements, for measuring how far others agree with it: its first `depth` documents, graded by rank from `depth` down to
 * 1. `P@10` is then the overlap of the first 10 with its first `depth`, `RBO` the rank-biased overlap.
 */
export function agreementQrels(run: Run, depth: number, ties?: TieOrder): Qrels {
  const graded = [...run].map(([query, ranking]) => {
    const top = judgedOrder(ranking, ties).slice(0, depth);
    return [query, new Map(top.map(({ id }, rank) => [id, depth - rank]))] as const;
  });
  return new Map(graded);
}
