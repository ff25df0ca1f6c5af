import type { Outcome } from '../../engine/engine.js';
import type { RetryPolicy } from './backoff.js';

/** By now a pipeline or a mapping fails for a document whatever the load, if time says so, too. */
const LEAST_FAILURES = 5;
/** Longer than most of what makes a shard or an inference endpoint fail for a while, and short beside patience. */
const FAILING_MS = 60_000;
/** What a status says of an engine that does not do its work at the moment. */
const AWAY = [502, 503, 504];
/** Errors of a node or a shard that is not well, which some versions give with status 500. */
const OF_THE_CLUSTER =
  /node|shard|transport|closed|timeout|rejected|cancel|master|i_o_exception|translog|lock|engine|corrupt/;

/** Whether the engine itself failed at a write, though it was there and not too busy. */
export function isFailure(outcome: Outcome): boolean {
  return !outcome.ok && outcome.status >= 500 && !AWAY.includes(outcome.status) && !OF_THE_CLUSTER.test(outcome.type);
}

/**
 * Tells writes that an engine fails at for their own sake from an engine that is not well: one that takes other writes of the same bulk does its work. Where
 * it takes none, only of a write that came alone is the whole patience enough; of several, it is never said that they are to blame.
 */
export class ItemFailures {
  readonly #counts: Uint32Array;
  /** When each failed first. */
  readonly #since: Float64Array;
  readonly #retry: RetryPolicy;
  #hasTaken = false;

  constructor(writes: number, retry: RetryPolicy) {
    this.#counts = new Uint32Array(writes);
    this.#since = new Float64Array(writes);
    this.#retry = retry;
  }

  /** Takes note of how an attempt at a write went. */
  note(at: number, outcome: Outcome): void {
    if (outcome.ok) this.#hasTaken = true;
    if (!isFailure(outcome)) return;
    if (this.#counts[at]!++ === 0) this.#since[at] = Date.now();
  }

  /** Whether the engine has failed at a write often and long enough to say that it always will. */
  isLasting(at: number): boolean {
    return this.#counts[at]! >= LEAST_FAILURES && Date.now() - this.#since[at]! >= this.#needed;
  }

  get #needed(): number {
    const { patienceMs, failingMs = FAILING_MS } = this.#retry;
    if (this.#hasTaken) return Math.min(failingMs, patienceMs);
    return this.#counts.length === 1 ? patienceMs : Number.POSITIVE_INFINITY;
  }
}
