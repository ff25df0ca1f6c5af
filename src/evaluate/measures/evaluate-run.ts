import { mean } from '../percentile.js';
import type { Qrels, Run } from './judgements.js';
import type { Measure } from './measure.js';
import { judgedOrder, type TieOrder } from './trec-order.js';

/** The measures of one run, query by query. */
export interface Evaluation {
  /** The judged queries, in the order of the qrels; `values` follow it. */
  readonly queries: readonly string[];
  /** By the measure's name: its value for each query. */
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** By the measure's name: the mean over all judged queries. */
  readonly means: ReadonlyMap<string, number>;
}

/**
 * Evaluates a run as trec_eval with `-c` does: every judged query counts, with 0 where the run has nothing for it; queries of the
 * run that nobody judged are left out. Only with `ties` as `id` may a mean differ from trec_eval's.
 */
export function evaluateRun(run: Run, qrels: Qrels, measures: readonly Measure[], ties?: TieOrder): Evaluation {
  const queries = [...qrels.keys()];
  const judged = queries.map((query) => ({
    ranking: judgedOrder(run.get(query) ?? [], ties),
    grades: qrels.get(query)!,
  }));
  const values = new Map(measures.map((measure) => [measure.name, judged.map((one) => measure.of(one))]));
  const means = new Map([...values].map(([name, perQuery]) => [name, mean(perQuery)]));
  return { queries, values, means };
}
