import type { SystemResult } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { type PairedTest, randomisationTest } from '../significance/randomisation-test.js';

/** What choosing by folds would give on queries that the choice has not seen. */
export interface CrossValidation {
  /** By fold: the system that was best on the other folds. */
  readonly picks: readonly string[];
  /** The mean over all queries, each answered by the pick of its fold. */
  readonly unseen: number;
  /** Each reference's mean, and the picks minus it. */
  readonly references: ReadonlyMap<string, PairedTest & { readonly mean: number }>;
}

export interface CrossValidateOptions {
  readonly folds: number;
  readonly references: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Chooses among the candidates on all folds but one and answers that one by the choice, for each fold: query `i` is of fold
 * `i mod folds`. `folds` is 2 or more and at most the number of queries. Equal candidates: the first.
 */
export async function crossValidate(
  results: ReadonlyMap<string, SystemResult>,
  measure: string,
  { folds, references, signal }: CrossValidateOptions,
): Promise<CrossValidation> {
  const values = new Map([...results].map(([name, { evaluation }]) => [name, evaluation.values.get(measure)!]));
  const picks = Array.from({ length: folds }, (_, fold) => bestOn(values, (query) => query % folds !== fold));
  const count = [...values.values()][0]!.length;
  const answered = Array.from({ length: count }, (_, query) => values.get(picks[query % folds]!)![query]!);
  const against = new Map<string, PairedTest & { readonly mean: number }>();
  for (const name of references) {
    const reference = values.get(name)!;
    against.set(name, { ...(await randomisationTest(answered, reference, { signal })), mean: mean(reference) });
  }
  return { picks, unseen: mean(answered), references: against };
}

function bestOn(values: ReadonlyMap<string, readonly number[]>, isSeen: (query: number) => boolean): string {
  let best = { name: '', mean: Number.NEGATIVE_INFINITY };
  for (const [name, ofQueries] of values) {
    const seen = mean(ofQueries.filter((_, query) => isSeen(query)));
    if (seen > best.mean) best = { name, mean: seen };
  }
  return best.name;
}
