import type { SystemResult } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { agreementsWith } from './agreement.js';
import type { Choosable } from './choose.js';

/**
 * Results as `choose` takes them, by the queries that a choice may see. How alike answers are, which takes the longest, is counted once for all choices.
 * @param reference unpruned SPLADE, one of the results.
 */
export function choosablesOf(
  results: ReadonlyMap<string, SystemResult>,
  { measure, reference }: { readonly measure: string; readonly reference: string },
): (isSeen: (query: string, position: number) => boolean) => Choosable[] {
  const agreements = agreementsWith(reference, results);
  return (isSeen) =>
    [...results].map(([name, { evaluation, cost, combines, approximates }]) => {
      const seenOf = (values: readonly number[]) => values.filter((_, i) => isSeen(evaluation.queries[i]!, i));
      return {
        name,
        seen: seenOf(evaluation.values.get(measure)!),
        agreement: mean(seenOf(agreements.get(name)!)),
        approximates: name === reference || approximates !== undefined,
        cost,
        combines,
      };
    });
}
