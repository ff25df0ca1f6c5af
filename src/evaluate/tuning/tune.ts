import type { Cost, SystemResult } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { type PairedTest, randomisationTest } from '../significance/randomisation-test.js';
import type { Budget } from './budget.js';
import { choosablesOf } from './choosables.js';
import { choose, type PassedOver, type Within } from './choose.js';

/** A system as tuning sees it. */
interface Candidate {
  readonly name: string;
  /** The measure on the development queries, where systems are chosen. */
  readonly development: number;
  /** The measure on the other queries, which no choice has seen; absent where there are none. */
  readonly unseen?: number;
  /** How alike its answers to the development queries are to the reference's: rank-biased overlap, from 0 to 1. */
  readonly agreement: number;
  readonly cost: Cost;
  /** Whether no other candidate is both better on the development queries and quicker (p50). */
  readonly onFront: boolean;
}

/** What tuning recommends, and how that holds on queries it has not seen. */
export interface Tuning {
  readonly measure: string;
  readonly queries: { readonly development: number; readonly unseen: number };
  readonly candidates: readonly Candidate[];
  /** The choice on the development queries among those that the budget allows: see {@link choose}; `undefined` where it allows none. */
  readonly pick?: Candidate;
  /** The candidate that is nearest to a budget that allows none, and how much of it that one takes: above 1. */
  readonly nearest?: { readonly name: string; readonly shareTaken: number };
  /** The one that was best there, but by less than chance may give. */
  readonly passedOver?: PassedOver;
  /** On the unseen queries, where there are any: the pick minus the reference. */
  readonly check?: PairedTest & { readonly reference: string };
}

export interface TuneOptions {
  readonly measure: string;
  /** Whether a query is one of those that choices are made on. */
  readonly isDevelopment: (query: string, position: number) => boolean;
  readonly budget?: Budget;
  /** Unpruned SPLADE, one of the results: budgets are shares of its cost, answers should be as its, and the pick is checked against it. */
  readonly reference: string;
  readonly signal?: AbortSignal;
}

/** Chooses among systems by the development queries alone, and checks the choice on the others. */
export async function tune(results: ReadonlyMap<string, SystemResult>, options: TuneOptions): Promise<Tuning> {
  const { measure, budget, reference, isDevelopment, signal } = options;
  const choosable = choosablesOf(results, { measure, reference })(isDevelopment);
  const unseenBy = (name: string) => {
    const { queries, values } = results.get(name)!.evaluation;
    return values.get(measure)!.filter((_, i) => !isDevelopment(queries[i]!, i));
  };
  const measured = choosable.map(({ name, seen, agreement, cost }) => {
    const unseen = unseenBy(name);
    return { name, development: mean(seen), ...(unseen.length > 0 && { unseen: mean(unseen) }), agreement, cost };
  });
  const candidates = measured.map((one) => ({ ...one, onFront: !measured.some((other) => dominates(other, one)) }));
  const within = budget && { budget, full: results.get(reference)!.cost };
  const chosen = choose(choosable, within);
  const pick = candidates.find(({ name }) => name === chosen?.name);
  const nearest = pick || !within ? undefined : nearestTo(within, candidates);
  const unseen = unseenBy(reference);
  const development = choosable.find(({ name }) => name === reference)!.seen;
  const isChecked = pick !== undefined && unseen.length > 0;
  const check = isChecked ? await randomisationTest(unseenBy(pick.name), unseen, { signal }) : undefined;
  return {
    measure,
    queries: { development: development.length, unseen: unseen.length },
    candidates,
    pick,
    ...(nearest && { nearest }),
    passedOver: chosen?.passedOver,
    check: check && { ...check, reference },
  };
}

function nearestTo({ budget, full }: Within, candidates: readonly Candidate[]): Tuning['nearest'] {
  const taking = candidates.map(({ name, cost }) => ({ name, shareTaken: budget.shareTaken(cost, full) }));
  const [nearest] = taking.sort((a, b) => a.shareTaken - b.shareTaken);
  return nearest && Number.isFinite(nearest.shareTaken) ? nearest : undefined;
}

type Measured = Omit<Candidate, 'onFront'>;

function dominates(a: Measured, b: Measured): boolean {
  const noWorse = a.development >= b.development && a.cost.p50 <= b.cost.p50;
  return noWorse && (a.development > b.development || a.cost.p50 < b.cost.p50);
}
