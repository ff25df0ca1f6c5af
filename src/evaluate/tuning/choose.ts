import type { Cost } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { pairedStandardError } from '../significance/standard-error.js';
import type { Budget } from './budget.js';

/** A system, and how good it is on the queries that a choice may see. */
export interface Choosable {
  readonly name: string;
  /** The measure, by query, the same queries in the same order for all. */
  readonly seen: readonly number[];
  /** How alike its answers to them are to unpruned SPLADE's, from 0 to 1. */
  readonly agreement: number;
  readonly cost: Cost;
  /** The systems whose lists it joins; absent where it ranks alone. */
  readonly joins?: readonly string[];
}

/** A budget, and the cost of unpruned SPLADE, for bounds that are shares of it. */
export interface Within {
  readonly budget: Budget;
  readonly full: Cost;
}

/** The system that looked best, but by too little to be told from chance. */
export interface PassedOver {
  readonly name: string;
  /** Its mean minus that of the system taken instead. */
  readonly lead: number;
  /** Of that difference, paired by query; absent where one query alone was seen, of which none is known. */
  readonly standardError?: number;
}

/** The system that is taken, and the one that it was taken instead of. */
export interface Choice {
  readonly name: string;
  readonly passedOver?: PassedOver;
}

/**
 * Chooses among those that a budget allows; `undefined` where it allows none. The best of many looks better than it is, the more so the fewer queries there are. So
 * the one that answers most as unpruned SPLADE does is taken, of which least is to be feared on other queries, unless the best leads by more than one standard
 * error of their difference, which takes two queries to be known (the one-standard-error rule: Breiman, Friedman, Olshen, Stone, Classification and Regression
 * Trees, 1984, 3.4.3). A hybrid has a weight to choose besides, and must lead the best of those that rank alone so.
 */
export function choose(candidates: readonly Choosable[], within?: Within): Choice | undefined {
  const allowed = candidates.filter(({ cost }) => !within || within.budget.allows(cost, within.full));
  const best = bestOf(allowed);
  if (!best) return undefined;
  const alone = allowed.filter(({ joins }) => joins === undefined);
  const bestAlone = bestOf(alone);
  if (!bestAlone || (best !== bestAlone && leads(best, bestAlone))) return { name: best.name };
  const nearest = nearestOf(alone)!;
  const taken = leads(bestAlone, nearest) ? bestAlone : nearest;
  if (taken === best) return { name: best.name };
  const standardError = pairedStandardError(best.seen, taken.seen);
  const lead = leadOf(best, taken);
  const passedOver = { name: best.name, lead, ...(standardError !== undefined && { standardError }) };
  return { name: taken.name, ...(lead > 0 && { passedOver }) };
}

function leadOf(one: Choosable, other: Choosable): number {
  return mean(one.seen) - mean(other.seen);
}

/** Whether it is better by more than one standard error. */
function leads(one: Choosable, other: Choosable): boolean {
  const standardError = pairedStandardError(one.seen, other.seen);
  return standardError !== undefined && leadOf(one, other) > standardError;
}

/** The one that answers most as unpruned SPLADE does; of equals the best. */
function nearestOf(candidates: readonly Choosable[]): Choosable | undefined {
  const nearest = Math.max(...candidates.map(({ agreement }) => agreement));
  return bestOf(candidates.filter(({ agreement }) => agreement === nearest));
}

/** Of equally good ones the cheaper, by clauses, which do not change from run to run; of equally cheap ones the first. */
function bestOf(candidates: readonly Choosable[]): Choosable | undefined {
  const rated = candidates.map((one) => ({ one, seen: mean(one.seen) }));
  const isBetter = (a: Rated, b: Rated) =>
    a.seen > b.seen || (a.seen === b.seen && a.one.cost.clauses < b.one.cost.clauses);
  return rated.reduce<Rated | undefined>((best, next) => (best && !isBetter(next, best) ? best : next), undefined)?.one;
}

interface Rated {
  readonly one: Choosable;
  readonly seen: number;
}
