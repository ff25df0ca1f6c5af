import type { Screen } from '../model/graph/decoder/screen.js';
import type { ScreenRequest } from '../model/screen/screen-request.js';
import { firstWordOfThread } from './first-word-of-thread.js';
import { prepareRuntime } from './prepare-runtime.js';

/**
 * Makes the screen of a decoder on a thread of its own. A screen is for speed alone: where the thread cannot make one (onnxruntime refuses
 * the graph, memory runs out), there is none, and the caller's thread, which compiles, goes on.
 * @throws the signal's reason when it is aborted; the thread then ends after what it is at.
 * @throws {RuntimeMissing}
 */
export async function screenOnThread(request: ScreenRequest, signal?: AbortSignal): Promise<Screen | undefined> {
  prepareRuntime();
  const answer = await firstWordOfThread(new URL('./screening-worker.js', import.meta.url), request, signal);
  return 'message' in answer ? (answer.message as Screen | undefined) : undefined;
}
