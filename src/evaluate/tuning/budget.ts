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
  /**
   * How much of it a cost takes: 1 is all of it, and infinity where the engine does not tell that cost.
   * @param full the cost of unpruned SPLADE, for bounds that are shares of it.
   */
  shareTaken(cost: Cost, full: Cost): number;
}

/** Reads a budget: `p95 < 30`, `clauses < 64`, `p50 < 0.5x`. @throws {InvalidBudget} */
export function parseBudget(written: string): Budget {
  const match = /^\s*(p50|p95|clauses|bytes)\s*<=?\s*(\d+(?:\.\d+)?)(x)?\s*$/.exec(written);
  if (!match || Number(match[2]) === 0) throw new InvalidBudget(written);
  const cost = match[1] as keyof Cost;
  const bound = Number(match[2]);
  const isShare = match[3] !== undefined;
  return {
    written,
    shareTaken(found, full) {
      const [taken, most] = [found[cost], isShare ? bound * (full[cost] ?? Number.NaN) : bound];
      if (taken === undefined || Number.isNaN(most)) return Number.POSITIVE_INFINITY;
      return taken === 0 ? 0 : taken / most;
    },
  };
}
