import type { Cost } from '../evaluate-systems.js';
import { mean } from '../percentile.js';
import { pairedStandardError } from '../significance/standard-error.js';
import type { Budget } from './budget.js';

/** A system, and how good it is on the queries that a choice may see. */
export interface Choosable {
  readonly name: string;
  /** The measure, by query, the same queries in the same order for all. */
  readonly seen: readonly number[];
  readonly cost: Cost;
  /** The systems whose lists it joins; absent where it ranks alone. */
  readonly joins?: readonly string[];
}

/** A budget, and the cost of unpruned SPLADE, for bounds that are shares of it. */
export interface Within {
  readonly budget: Budget;
  readonly full: Cost;
}

/** A hybrid that was best, but by too little to be told from chance. */
export interface PassedOver {
  readonly name: string;
  /** Its mean minus that of the system taken instead. */
  readonly lead: number;
  /** Of that difference, paired by query; absent where one query alone was seen, of which none is known. */
  readonly standardError?: number;
}

/** The system that is taken, and the hybrid that it was taken instead of. */
export interface Choice {
  readonly name: string;
  readonly passedOver?: PassedOver;
}

/**
 * The best of those that a budget allows; `undefined` where it allows none. A hybrid has a weight to choose, and the best of several weights looks
 * better than it is: it is taken only where it leads the best system that ranks alone by more than one standard error, which takes two queries to be known. Otherwise the latter is taken, the simpler of two
 * that cannot be told apart (the one-standard-error rule: Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984, 3.4.3).
 */
export function choose(candidates: readonly Choosable[], within?: Within): Choice | undefined {
  const allowed = candidates.filter(({ cost }) => !within || within.budget.allows(cost, within.full));
  const best = bestOf(allowed);
  const alone = bestOf(allowed.filter(({ joins }) => joins === undefined));
  if (!best || !alone || best === alone) return best && { name: best.name };
  const lead = mean(best.seen) - mean(alone.seen);
  const standardError = pairedStandardError(best.seen, alone.seen);
  if (standardError !== undefined && lead > standardError) return { name: best.name };
  return {
    name: alone.name,
    passedOver: { name: best.name, lead, ...(standardError !== undefined && { standardError }) },
  };
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
