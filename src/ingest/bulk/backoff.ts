import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, messageOf } from '../../fault/fault.js';

/** How long to wait before asking again, for how long in all, and who is told. Milliseconds. */
export interface RetryPolicy {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Without any progress for so long, it is given up. */
  readonly patienceMs: number;
  /** A document at which the engine itself fails (500) for so long, while it takes others, goes to the dead letters. 60 s unless given. */
  readonly failingMs?: number;
  /** Called before each wait, with its length and with what the engine said, or did not. */
  readonly onWait?: (ms: number, reason: string) => void;
}

/** An engine that restarts is back within a minute or two; one under load answers again within seconds. */
export const DEFAULT_RETRY: RetryPolicy = { firstMs: 200, mostMs: 10_000, patienceMs: 300_000 };

/** Exponential backoff with jitter: each wait is random between half and whole of a bound that doubles. */
export class Backoff {
  readonly #policy: RetryPolicy;
  #bound: number;
  /** When it first failed since there was progress, or since patience was renewed. */
  #since: number | undefined;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
    this.#bound = policy.firstMs;
  }

  /** Begins anew, after progress. */
  reset(): void {
    this.#bound = this.#policy.firstMs;
    this.#since = undefined;
  }

  /** The engine answers, though there is no progress yet: patience begins anew, waits go on growing. */
  renewPatience(): void {
    this.#since = undefined;
  }

  /** Asked after a failure: whether there has been none but failures for longer than the policy's patience. */
  get exhausted(): boolean {
    this.#since ??= Date.now();
    return Date.now() - this.#since > this.#policy.patienceMs;
  }

  /**
   * Waits.
   * @param reason what is waited for, or the failure that shows it.
   * @throws the signal's reason when it is aborted.
   */
  async wait(reason: unknown, signal?: AbortSignal): Promise<void> {
    const bound = this.#bound;
    this.#bound = Math.min(bound * 2, this.#policy.mostMs);
    const ms = bound / 2 + (Math.random() * bound) / 2;
    this.#policy.onWait?.(ms, reason instanceof Fault ? reason.found : messageOf(reason));
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }
}
