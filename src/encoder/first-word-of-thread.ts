import { Worker } from 'node:worker_threads';
import { type MessageOrEnd, messageOrEnd } from './message-or-end.js';

/**
 * Starts a thread for one task and waits for its only message; the thread has ended when this returns.
 * @param script of the thread; `task` is its `workerData`.
 * @returns how it ended where it said nothing: with an error, or its exit code.
 * @throws the signal's reason when it is aborted, and then after the thread has ended.
 */
export async function firstWordOfThread(script: URL, task: unknown, signal?: AbortSignal): Promise<MessageOrEnd> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: task });
  try {
    const answer = await messageOrEnd(worker, signal).catch((thrown: unknown) => ({ ended: [thrown] }));
    signal?.throwIfAborted();
    return answer;
  } finally {
    await worker.terminate();
  }
}
