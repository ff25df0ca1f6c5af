import { type EventEmitter, once } from 'node:events';

/** What a worker thread or a process says first, or, where it ends without a word, what its `exit` event tells. */
export type MessageOrEnd = { readonly message: unknown } | { readonly ended: readonly unknown[] };

/**
 * Waits for the first of both, and leaves no listener behind.
 * @throws what its `error` event tells; the reason of the signal as an `AbortError`'s cause, when that is aborted.
 */
export async function messageOrEnd(source: EventEmitter, signal?: AbortSignal): Promise<MessageOrEnd> {
  const done = new AbortController();
  const either = { signal: AbortSignal.any(signal ? [done.signal, signal] : [done.signal]) };
  const message = once(source, 'message', either).then(([said]): MessageOrEnd => ({ message: said }));
  const end = once(source, 'exit', either).then((ended): MessageOrEnd => ({ ended }));
  try {
    return await Promise.race([message, end]);
  } finally {
    done.abort();
    await Promise.allSettled([message, end]);
  }
}
