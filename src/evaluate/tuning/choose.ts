import type { Cost } from '../evaluate-systems.js';
import type { Budget } from './budget.js';

/** A system, and how good it is on the queries that a choice may see. */
export interface Choosable {
  readonly name: string;
  readonly seen: number;
  readonly cost: Cost;
}

/** A budget, and the cost of unpruned SPLADE, for bounds that are shares of it. */
export interface Within {
  readonly budget: Budget;
  readonly full: Cost;
}

/**
 * The name of the best of those that a budget allows; `undefined` where it allows none. Of equally good ones the cheaper, by clauses, which do not change from run to
 * run; of equally cheap ones the first.
 */
export function choose(candidates: readonly Choosable[], within?: Within): string | undefined {
  const allowed = candidates.filter(({ cost }) => !within || within.budget.allows(cost, within.full));
  const better = (best: Choosable | undefined, one: Choosable) => (best && !isBetter(one, best) ? best : one);
  return allowed.reduce(better, undefined)?.name;
}

function isBetter(a: Choosable, b: Choosable): boolean {
  return a.seen > b.seen || (a.seen === b.seen && a.cost.clauses < b.cost.clauses);
}
