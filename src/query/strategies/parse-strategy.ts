import { Fault } from '../../fault/fault.js';
import { add } from './add.js';
import type { Fusion } from './fusion.js';
import { hybrid, type JoinedBy } from './hybrid.js';
import { replace } from './replace.js';
import { rescore } from './rescore.js';
import type { Strategy } from './strategy.js';

/** A strategy that cannot be read. */
export class UnknownStrategy extends Fault {
  readonly code = 'STRATEGY_UNKNOWN';
  constructor(readonly written: string) {
    super({
      asked: `strategy ${JSON.stringify(written)}`,
      found: 'no such strategy',
      remedy: 'Write replace, add, add(WEIGHT), rescore, rescore(WINDOW) or hybrid',
    });
  }
}

/** What strategies are given that is not written. */
export interface StrategySettings {
  /** How `hybrid` joins lists; by reciprocal ranks unless given. */
  readonly fusion?: Fusion;
  /** How many documents `rescore` reorders, where that is not written. */
  readonly window?: number;
}

/**
 * Reads a strategy as options write it: `replace`, `add(0.5)`, `rescore(200)`, `hybrid`.
 * @param by who joins lists, for `hybrid`.
 * @throws {UnknownStrategy}
 */
export function parseStrategy(written: string, by?: JoinedBy, { fusion, window }: StrategySettings = {}): Strategy {
  const match = /^(replace|add|rescore|hybrid)(?:\(([\d.]+)\))?$/.exec(written.trim());
  const number = match?.[2] === undefined ? undefined : Number(match[2]);
  if (match && (number === undefined || number > 0)) {
    if (match[1] === 'add') return add({ weight: number });
    if (match[1] === 'rescore' && (number === undefined || Number.isInteger(number)))
      return rescore({ window: number ?? window });
    if (match[1] === 'replace' && number === undefined) return replace();
    if (match[1] === 'hybrid' && number === undefined) return hybrid({ by, fusion });
  }
  throw new UnknownStrategy(written);
}
