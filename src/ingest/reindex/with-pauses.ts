/**
 * The items of an iterable, and `undefined` whenever none has come for a while: whoever takes them can look about while it waits.
 * @param ms how long a while is, in milliseconds.
 * @param stop called where the reader goes away while an item is waited for; that item is then to come, or to fail, soon.
 */
export async function* withPauses<T>(
  items: AsyncIterable<T>,
  ms: number,
  stop: () => void,
): AsyncGenerator<T | undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<T>> | undefined;
  try {
    while (true) {
      next ??= iterator.next();
      const come = await withinMs(ms, next);
      if (come) next = undefined;
      if (come?.done) return;
      yield come?.value;
    }
  } finally {
    if (next) {
      stop();
      await next.catch(() => undefined);
    }
    await iterator.return?.();
  }
}

/** What a promise gives within some time, `undefined` after it. */
async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
