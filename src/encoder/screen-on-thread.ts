import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Screen } from '../model/graph/decoder/screen.js';
import type { ScreenRequest } from '../model/screen/screen-request.js';

/** Makes the screen of a decoder on a thread of its own, so that the caller's is free meanwhile. */
export async function screenOnThread(request: ScreenRequest): Promise<Screen | undefined> {
  const worker = new Worker(new URL('./screening-worker.js', import.meta.url), { workerData: request });
  try {
    const [screen] = (await once(worker, 'message')) as [Screen | undefined];
    return screen;
  } finally {
    await worker.terminate();
  }
}
