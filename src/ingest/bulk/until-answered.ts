import type { RequestOptions } from '../../engine/engine.js';
import { EngineRefused, EngineUnreachable, IndexUnavailable } from '../../engine/engine-faults.js';
import { Backoff, DEFAULT_RETRY, type RetryPolicy } from './backoff.js';

/** Options of what waits for an engine that cannot answer at the moment. */
export interface Waiting extends RequestOptions {
  readonly retry?: RetryPolicy;
}

/** Whether a status says that the engine has too much to do, or is not all there. */
export function isBusy(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Failures that did not pass while they were waited for. */
const lasting = new WeakSet<object>();

/** A failure that was waited for in vain. Whoever meets it further out does not wait for it again: patiences do not add up. */
export function waitedFor(thrown: unknown): unknown {
  if (typeof thrown === 'object' && thrown !== null) lasting.add(thrown);
  return thrown;
}

/** Whether it is worth waiting: nobody answers, shards are on their way, or the engine has too much to do, and nobody has waited for it yet. */
function isForNow(thrown: unknown): boolean {
  if (lasting.has(thrown as object)) return false;
  if (thrown instanceof EngineUnreachable || thrown instanceof IndexUnavailable) return true;
  return thrown instanceof EngineRefused && isBusy(thrown.status);
}

/** {@link isForNow}, or a point in time that is gone with its node (404): whoever reads from one opens another. */
export function isForNowToReaders(thrown: unknown): boolean {
  if (lasting.has(thrown as object)) return false;
  return isForNow(thrown) || (thrown instanceof EngineRefused && thrown.status === 404);
}

/**
 * Asks again, with growing waits, while the engine cannot answer at the moment.
 * @param ask what may be done twice.
 * @param passes which failures are waited for.
 * @throws what `ask` throws, where that does not pass or has not passed within the policy's patience.
 */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  { signal, retry = DEFAULT_RETRY }: Waiting,
  passes = isForNow,
): Promise<T> {
  const backoff = new Backoff(retry);
  while (true) {
    try {
      return await ask();
    } catch (thrown) {
      if (!passes(thrown)) throw thrown;
      if (backoff.exhausted) throw waitedFor(thrown);
      await backoff.wait(thrown, signal);
    }
  }
}
