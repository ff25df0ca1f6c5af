import type { RequestOptions } from '../../engine/engine.js';
import { EngineRefused, EngineUnreachable, IndexUnavailable } from '../../engine/engine-faults.js';
import { Backoff, DEFAULT_RETRY, type RetryPolicy } from './backoff.js';

/** Whether it is worth waiting: nobody answers, shards are on their way, or the engine has too much to do. */
export function isForNow(thrown: unknown): boolean {
  if (thrown instanceof EngineUnreachable || thrown instanceof IndexUnavailable) return true;
  return thrown instanceof EngineRefused && (thrown.status === 429 || thrown.status >= 500);
}

/**
 * Asks again, with growing waits, while the engine cannot answer at the moment.
 * @param ask what may be done twice.
 * @throws what `ask` throws, where that does not pass or has not passed within the policy's patience.
 */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  { signal, retry = DEFAULT_RETRY }: RequestOptions & { readonly retry?: RetryPolicy },
): Promise<T> {
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
