/** A process that tries a device: what a driver brings down, or prints, is its own affair. */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { messageOf } from '../../fault/fault.js';
import { gemmGraph } from '../../model/graph/gemm-graph.js';
import type { DeviceName } from '../../model/model-identity.js';
import { sessionOptions } from '../session-options.js';
import { deviceNamed } from './device.js';
import type { Trial } from './try-device.js';

/** A feed-forward layer of BERT-base, for a batch of a CPU. */
const TOKENS = 256;
const WIDTHS = { hidden: 768, inner: 3072 };
const RUNS = 3;
/**
 * The graph's weights are ones, zeros and quarters, so that in float32 the products are the states to the bit, in whatever order they are added. Half
 * of the steps of 11 bits (TF32, float16) are 2.4e-4 of a number.
 */
const MOST_DIFFERENCE = 1e-6;

const device = deviceNamed(process.argv[2] as DeviceName);
// With someone to tell of its end, the channel stays open: the answer is read before the process is gone.
process.once('disconnect', () => process.exit());
process.send!(await trial());

async function trial(): Promise<Trial> {
  const backends = listSupportedBackends().map(({ name }) => name);
  if (!backends.includes(device.name)) {
    return { refused: `onnxruntime-node for ${process.platform} ${process.arch} has ${backends.join(', ')} only` };
  }
  try {
    return await measured();
  } catch (thrown) {
    return { refused: reasonIn(messageOf(thrown)) };
  }
}

async function measured(): Promise<Trial> {
  const graph = gemmGraph(TOKENS, WIDTHS);
  const session = await InferenceSession.create(
    Buffer.concat(graph.pieces),
    sessionOptions({ device: device.name, threads: device.workers() }),
  );
  const states = Float32Array.from({ length: TOKENS * WIDTHS.hidden }, (_, i) => Math.sqrt(1 + (i % 97)));
  const feeds = { states: new Tensor('float32', states, graph.shape) };
  let best = Number.POSITIVE_INFINITY;
  let products = states;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const { products: tensor } = await session.run(feeds);
    products = tensor!.data as Float32Array<ArrayBuffer>;
    // The first run compiles what it needs.
    if (run > 0) best = Math.min(best, performance.now() - start);
  }
  await session.release();
  const difference = products.reduce((most, value, i) => Math.max(most, Math.abs(value / states[i]! - 1)), 0);
  if (!(difference <= MOST_DIFFERENCE)) {
    return { refused: `its products are ${difference.toExponential(1)} off, which is not float32's arithmetic` };
  }
  return { operationsPerSecond: (1000 * graph.operations) / best };
}

/** onnxruntime's messages begin with the place in its source and the condition that was not met. */
function reasonIn(message: string): string {
  return message.replace(/^\/\S+:\d+ .* was false\. /, '');
}
