import { setTimeout as sleep } from 'node:timers/promises';
import { promiseWithResolvers } from './promise-with-resolvers.js';

/**
 * The items of a stream in arrays of up to `size`. An array that is not full after `patience` milliseconds goes out as it is,
 * so that a source which trickles is answered at once; never with `Infinity`. Where the source throws, what came before goes out first.
 * @throws the signal's reason when it is aborted, also while the source gives nothing.
 */
export async function* chunksOf<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  patience: number,
  signal?: AbortSignal,
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
      const first = await unlessAborted(next, signal);
      if (first.done) return;
      const chunk = [first.value];
      const timer = new AbortController();
      next = advance();
      let isOpen = true;
      // One wait for a chunk takes half the time of one for each item.
      const filling = async () => {
        while (chunk.length < size) {
          // What failed is looked at when its turn comes, as the first of a chunk; so is what came too late.
          const result = await next.catch(() => undefined);
          if (!isOpen || result === undefined || result.done) return;
          chunk.push(result.value);
          next = advance();
        }
      };
      const late = patienceEnds(patience, timer.signal);
      await unlessAborted(Promise.race([filling(), late]), signal).catch(() => undefined);
      isOpen = false;
      timer.abort();
      yield chunk;
    }
  } finally {
    close(source);
  }
}

/** Not waited for: a source that is idle ends with its next item. Nor is there anybody left to tell what its end throws. */
function close(source: AsyncIterator<unknown> | Iterator<unknown>): void {
  void (async () => source.return?.())().catch(() => undefined);
}

/** What is promised, unless the signal comes first. Its listener goes at once: one for each item of a long stream would stay. */
async function unlessAborted<T>(promised: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promised;
  signal.throwIfAborted();
  const { promise, reject } = promiseWithResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([promised, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function patienceEnds(patience: number, signal: AbortSignal): Promise<void> {
  // A timer has no longest time: it takes `Infinity` for one millisecond.
  if (patience === Number.POSITIVE_INFINITY) return new Promise(() => undefined);
  await sleep(patience, undefined, { signal }).catch(() => undefined);
}
