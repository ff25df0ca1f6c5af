/** A thread that multiplies matrices, as fast as it can, for as long as it is told. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GemmWork } from './measure-gemm.js';
import { sessionOptions } from './session-options.js';

const { graph, milliseconds, device } = workerData as GemmWork;
const session = await InferenceSession.create(Buffer.concat(graph.pieces), sessionOptions({ device, threads: 1 }));
const [tokens, hidden] = graph.shape;
const states = Float32Array.from({ length: tokens * hidden }, (_, i) => 1 + (i % 7));
const feeds = { states: new Tensor('float32', states, [tokens, hidden]) };
await session.run(feeds);
parentPort!.postMessage('ready');
await once(parentPort!, 'message');
const start = performance.now();
let runs = 0;
while (performance.now() - start < milliseconds) {
  await session.run(feeds);
  runs++;
}
const seconds = (performance.now() - start) / 1000;
await session.release();
parentPort!.postMessage((runs * graph.operations) / seconds);
