/** The thread that makes the screen of a decoder: seconds of arithmetic, once for each model. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { calibrationTokens } from '../model/screen/calibration-tokens.js';
import { makeScreen } from '../model/screen/make-screen.js';
import type { ScreenRequest } from '../model/screen/screen-request.js';
import { SESSION_OPTIONS } from './session-options.js';
import { timeOfBytes } from './time-of-bytes.js';

const { graph, positions, decoder, bias } = workerData as ScreenRequest;
const screen = makeScreen({
  states: await statesOf(),
  decoder,
  bias,
  timeOfBytes: await timeOfBytes(decoder.shape[1]!),
});
parentPort!.postMessage(screen);

/** float32 [positions of all texts, hidden] */
async function statesOf() {
  const tokens = calibrationTokens(decoder, positions);
  const session = await InferenceSession.create(Buffer.concat(graph), SESSION_OPTIONS);
  const shape = [tokens.texts, tokens.length];
  const { states } = await session.run({
    token_ids: new Tensor('int32', tokens.ids, shape),
    token_mask: new Tensor('int32', new Int32Array(tokens.ids.length).fill(1), shape),
  });
  await session.release();
  return { shape: [tokens.ids.length, decoder.shape[1]!], data: states!.data as Float32Array };
}
