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
  /** Whether it is unpruned SPLADE, or approximates it. */
  readonly approximates: boolean;
  readonly cost: Cost;
  /** The systems that it puts together; absent where it ranks alone. */
  readonly combines?: readonly string[];
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
 * of those that approximate unpruned SPLADE, the one whose answers are most alike to its counts, of which least is to be feared on other queries, unless the best of them leads it by
 * more than one standard error of their difference, which takes two queries to be known (the one-standard-error rule: Breiman, Friedman, Olshen, Stone,
 * Classification and Regression Trees, 1984, 3.4.3). Of it and others that rank alone the better is taken; the best of those that put systems together, which have a weight or a window to choose, where it leads that one so.
 */
export function choose(candidates: readonly Choosable[], within?: Within): Choice | undefined {
  const allowed = candidates.filter(({ cost }) => !within || within.budget.shareTaken(cost, within.full) <= 1);
  const best = bestOf(allowed);
  if (!best) return undefined;
  const alone = bestAlone(allowed.filter(({ combines }) => combines === undefined));
  const together = bestOf(allowed.filter(({ combines }) => combines !== undefined));
  const taken = alone && !(together && leads(together, alone)) ? alone : together!;
  const lead = leadOf(best, taken);
  if (lead <= 0) return { name: taken.name };
  const standardError = pairedStandardError(best.seen, taken.seen);
  return {
    name: taken.name,
    passedOver: { name: best.name, lead, ...(standardError !== undefined && { standardError }) },
  };
}

/** The best of those that rank alone, of which the approximations of one system count as one. */
function bestAlone(alone: readonly Choosable[]): Choosable | undefined {
  const approximations = alone.filter(({ approximates }) => approximates);
  const nearest = nearestOf(approximations);
  const best = bestOf(approximations);
  const others = alone.filter(({ approximates }) => !approximates);
  if (!nearest || !best) return bestOf(others);
  return bestOf([leads(best, nearest) ? best : nearest, ...others]);
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
