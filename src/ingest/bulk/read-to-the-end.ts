import { Backoff, DEFAULT_RETRY } from './backoff.js';
import { isForNowToReaders, type Waiting, waitedFor } from './until-answered.js';

/** Failures in a row, with reads of the beginning between them, that bring nothing new: so many, with waits that grow, take longer than the usual patience. */
const MOST_FRUITLESS = 60;

/** Some of what is read. */
export interface Portion<T> {
  readonly items: readonly T[];
  /** Whether it holds what no earlier read has given: only then is it progress. */
  readonly isNew: boolean;
}

/**
 * Reads to the end, from the beginning again whenever the engine goes away, or its point in time with it.
 * @param read begins to read; what it has given in an earlier read it passes over.
 * @param onFailure called before each wait.
 * @throws what `read` throws, where that does not pass, has not passed within the policy's patience (which any portion renews: passing over thirty million
 * documents takes longer), or has come {@link MOST_FRUITLESS} times without anything new.
 */
export async function* readToTheEnd<T>(
  read: () => AsyncIterable<Portion<T>>,
  { signal, retry = DEFAULT_RETRY }: Waiting,
  onFailure?: () => void,
): AsyncGenerator<T> {
  const backoff = new Backoff(retry);
  let fruitless = 0;
  while (true) {
    try {
      for await (const { items, isNew } of read()) {
        if (isNew) {
          fruitless = 0;
          backoff.reset();
        } else backoff.renewPatience();
        yield* items;
      }
      return;
    } catch (thrown) {
      if (!isForNowToReaders(thrown)) throw thrown;
      if (backoff.exhausted || ++fruitless > MOST_FRUITLESS) throw waitedFor(thrown);
      onFailure?.();
      await backoff.wait(thrown, signal);
    }
  }
}
