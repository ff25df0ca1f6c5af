import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Screen } from '../model/graph/decoder/screen.js';
import type { ScreenRequest } from '../model/screen/screen-request.js';
import { prepareRuntime } from './prepare-runtime.js';

/**
 * Makes the screen of a decoder on a thread of its own, so that the caller's is free meanwhile. A screen is for speed alone: where the
 * thread cannot make one (onnxruntime refuses the graph, memory runs out), there is none.
 * @throws the signal's reason when it is aborted; the thread then ends after what it is at.
 * @throws {RuntimeMissing}
 */
export async function screenOnThread(request: ScreenRequest, signal?: AbortSignal): Promise<Screen | undefined> {
  prepareRuntime();
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./screening-worker.js', import.meta.url), { workerData: request });
  const done = new AbortController();
  const either = { signal: AbortSignal.any(signal ? [done.signal, signal] : [done.signal]) };
  const ended = once(worker, 'exit', either).then(() => undefined);
  const made = once(worker, 'message', either).then(([screen]) => screen as Screen | undefined);
  try {
    const screen = await Promise.race([made, ended]).catch(() => undefined);
    signal?.throwIfAborted();
    return screen;
  } finally {
    done.abort();
    await Promise.allSettled([made, ended]);
    await worker.terminate();
  }
}
