import { EngineRefused } from '../../engine/engine-faults.js';
import { Backoff, DEFAULT_RETRY } from './backoff.js';
import { isForNow, type Waiting, waitedFor } from './until-answered.js';

/** Some of what is read. */
export interface Portion<T> {
  readonly items: readonly T[];
  /** Whether it holds what no earlier read has given: only then is it progress, and patience begins anew. */
  readonly isNew: boolean;
}

/**
 * Reads to the end, from the beginning again whenever the engine goes away, or its point in time with it.
 * @param read begins to read; what it has given in an earlier read it passes over.
 * @param onFailure called before each wait.
 * @throws what `read` throws, where that does not pass or has not passed within the policy's patience.
 */
export async function* readToTheEnd<T>(
  read: () => AsyncIterable<Portion<T>>,
  { signal, retry = DEFAULT_RETRY }: Waiting,
  onFailure?: () => void,
): AsyncGenerator<T> {
  const backoff = new Backoff(retry);
  while (true) {
    try {
      for await (const { items, isNew } of read()) {
        if (isNew) backoff.reset();
        yield* items;
      }
      return;
    } catch (thrown) {
      if (!passes(thrown)) throw thrown;
      if (backoff.exhausted) throw waitedFor(thrown);
      onFailure?.();
      await backoff.wait(signal);
    }
  }
}

/** Whether it is worth waiting; a point in time that is gone is opened anew. */
function passes(thrown: unknown): boolean {
  return isForNow(thrown) || (thrown instanceof EngineRefused && thrown.status === 404);
}
