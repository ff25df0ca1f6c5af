import { setTimeout as sleep } from 'node:timers/promises';

/** What comes in place of an item when patience has ended. */
const LATE: unique symbol = Symbol('late');

/**
 * The items of a stream in arrays of up to `size`. An array that is not full after `patience` milliseconds goes out as it is,
 * so that a source which trickles is answered at once; never with `Infinity`. Where the source throws, what came before goes out first.
 */
export async function* chunksOf<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  patience: number,
): AsyncGenerator<T[]> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const advance = () => {
    const promised = (async () => source.next())();
    // It may fail while nobody waits for it: whoever takes the chunk before it is slow. It is looked at again when its turn comes.
    promised.catch(() => undefined);
    return promised;
  };
  let next = advance();
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const chunk = [first.value];
      const timer = new AbortController();
      const late = patienceEnds(patience, timer.signal);
      next = advance();
      while (chunk.length < size) {
        // What failed is looked at when its turn comes, as the first of a chunk.
        const result = await Promise.race([next, late]).catch(() => undefined);
        if (result === undefined || result === LATE || result.done) break;
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

async function patienceEnds(patience: number, signal: AbortSignal): Promise<typeof LATE> {
  // A timer has no longest time: it takes `Infinity` for one millisecond.
  if (patience === Number.POSITIVE_INFINITY) return new Promise(() => undefined);
  return sleep(patience, LATE, { signal }).catch(() => LATE);
}
