import { setTimeout as sleep } from 'node:timers/promises';

const LATE = Symbol('late');

/**
 * The items of a stream in arrays of up to `size`. An array that is not full after `patience` milliseconds goes out as it is,
 * so that a source which trickles is answered at once.
 */
export async function* chunksOf<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  patience: number,
): AsyncGenerator<T[]> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const advance = async () => source.next();
  let next = advance();
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const chunk = [first.value];
      const timer = new AbortController();
      const late = sleep(patience, LATE, { signal: timer.signal }).catch(() => LATE);
      next = advance();
      while (chunk.length < size) {
        const result = await Promise.race([next, late]);
        if (typeof result === 'symbol' || result.done) break;
        chunk.push(result.value);
        next = advance();
      }
      timer.abort();
      yield chunk;
    }
  } finally {
    void source.return?.();
  }
}
