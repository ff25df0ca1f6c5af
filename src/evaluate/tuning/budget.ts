import { Fault } from '../../fault/fault.js';
import type { Cost } from '../evaluate-systems.js';

/** A budget that cannot be read. */
export class InvalidBudget extends Fault {
  readonly code = 'BUDGET_INVALID';
  constructor(readonly written: string) {
    super({
      asked: `budget ${JSON.stringify(written)}`,
      found: 'not a cost with a bound',
      remedy:
        'Write p95 < 30, p50 < 10 (milliseconds), clauses < 64, bytes < 2000000000, or p50 < 0.5x: that share of the cost of splade',
    });
  }
}

/** What a search may cost. */
export interface Budget {
  readonly written: string;
  /** @param full the cost of unpruned SPLADE, for bounds that are shares of it. */
  allows(cost: Cost, full: Cost): boolean;
}

/** Reads a budget: `p95 < 30`, `clauses < 64`, `p50 < 0.5x`. @throws {InvalidBudget} */
export function parseBudget(written: string): Budget {
  const match = /^\s*(p50|p95|clauses|bytes)\s*<=?\s*(\d+(?:\.\d+)?)(x)?\s*$/.exec(written);
  if (!match) throw new InvalidBudget(written);
  const cost = match[1] as keyof Cost;
  const bound = Number(match[2]);
  // A cost that the engine does not tell is no ground to allow it.
  const of = (found: Cost) => found[cost] ?? Number.POSITIVE_INFINITY;
  return {
    written,
    allows: (found, full) => of(found) <= (match[3] ? bound * of(full) : bound) && Number.isFinite(of(found)),
  };
}
