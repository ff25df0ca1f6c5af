import type { SystemResult } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { type PairedTest, randomisationTest } from '../significance/randomisation-test.js';
import { choosablesOf } from './choosables.js';
import { choose, type Within } from './choose.js';

/** What choosing by folds would give on queries that the choice has not seen. */
export interface CrossValidation {
  /** By fold: the system that was chosen on the other folds. */
  readonly picks: readonly string[];
  /** The mean over all queries, each answered by the pick of its fold. */
  readonly unseen: number;
  /** Each reference's mean, and the picks minus it. */
  readonly references: ReadonlyMap<string, PairedTest & { readonly mean: number }>;
}

export interface CrossValidateOptions {
  readonly folds: number;
  /** Unpruned SPLADE, one of the results: see `choose`. */
  readonly reference: string;
  /** What the picks are compared with. */
  readonly references: readonly string[];
  readonly within?: Within;
  readonly signal?: AbortSignal;
}

/**
 * Chooses among the candidates on all folds but one, as `tune` does, and answers that one by the choice, for each fold: query `i` is of fold
 * `i mod folds`. `folds` is 2 or more and at most the number of queries. `undefined` where the budget allows no candidate.
 */
export async function crossValidate(
  results: ReadonlyMap<string, SystemResult>,
  measure: string,
  { folds, reference, references, within, signal }: CrossValidateOptions,
): Promise<CrossValidation | undefined> {
  const valuesOf = (name: string) => results.get(name)!.evaluation.values.get(measure)!;
  const choosable = choosablesOf(results, { measure, reference });
  const pickFor = (fold: number) =>
    choose(
      choosable((_, query) => query % folds !== fold),
      within,
    )?.name;
  const picks = Array.from({ length: folds }, (_, fold) => pickFor(fold));
  if (!picks.every((pick) => pick !== undefined)) return undefined;
  const answered = valuesOf(picks[0]!).map((_, query) => valuesOf(picks[query % folds]!)[query]!);
  const against = new Map<string, PairedTest & { readonly mean: number }>();
  for (const name of references) {
    const values = valuesOf(name);
    against.set(name, { ...(await randomisationTest(answered, values, { signal })), mean: mean(values) });
  }
  return { picks, unseen: mean(answered), references: against };
}
