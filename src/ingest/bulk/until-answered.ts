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

/** Whether it is worth waiting: nobody answers, shards are on their way, or the engine has too much to do. */
export function isForNow(thrown: unknown): boolean {
  if (thrown instanceof EngineUnreachable || thrown instanceof IndexUnavailable) return true;
  return thrown instanceof EngineRefused && isBusy(thrown.status);
}

/**
 * Asks again, with growing waits, while the engine cannot answer at the moment.
 * @param ask what may be done twice.
 * @throws what `ask` throws, where that does not pass or has not passed within the policy's patience.
 */
export async function untilAnswered<T>(ask: () => Promise<T>, { signal, retry = DEFAULT_RETRY }: Waiting): Promise<T> {
  const backoff = new Backoff(retry);
  while (true) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isForNow(thrown) || backoff.exhausted) throw thrown;
      await backoff.wait(signal);
    }
  }
}
