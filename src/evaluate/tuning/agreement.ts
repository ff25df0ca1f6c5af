import type { SystemResult } from '../evaluate-systems.js';
import { agreementQrels } from '../measures/agreement-qrels.js';
import { RBO } from '../measures/rank-biased-overlap.js';
import { judgedOrder } from '../measures/trec-order.js';

/** Documents of the unpruned answer that others are compared with. */
export const AGREEMENT_DEPTH = 100;

/**
 * How alike each system's answers are to the reference's: rank-biased overlap, by query as in its evaluation, from 0 to 1. It takes no judgements, and varies
 * far less from query to query than a measure that does.
 * @param reference one of the results.
 */
export function agreementsWith(
  reference: string,
  results: ReadonlyMap<string, SystemResult>,
): ReadonlyMap<string, readonly number[]> {
  const answers = agreementQrels(results.get(reference)!.run, AGREEMENT_DEPTH);
  const agreementOf = ({ run, evaluation }: SystemResult) =>
    evaluation.queries.map((query) => {
      const grades = answers.get(query) ?? new Map<string, number>();
      return RBO({ ranking: judgedOrder(run.get(query) ?? []), grades }, { cutoff: AGREEMENT_DEPTH });
    });
  return new Map([...results].map(([name, result]) => [name, agreementOf(result)]));
}
