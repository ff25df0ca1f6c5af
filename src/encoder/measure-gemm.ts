import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ProductWidths } from '../model/arithmetic.js';
import { type GemmGraph, gemmGraph } from '../model/graph/gemm-graph.js';
import type { DeviceName } from '../model/model-identity.js';
import { deviceNamed } from './device/device.js';
import { prepareRuntime } from './prepare-runtime.js';

/** What a thread is started with. */
export interface GemmWork {
  readonly graph: GemmGraph;
  readonly milliseconds: number;
  readonly device: DeviceName;
}

export interface MeasureGemmOptions {
  /** How many threads multiply at once, each with a session of its own: none waits for another, so that no way to share out as many is quicker. */
  readonly threads: number;
  /** Default `cpu`. */
  readonly device?: DeviceName;
  readonly milliseconds?: number;
  readonly signal?: AbortSignal;
}

const USUAL_MILLISECONDS = 1500;

/**
 * How fast matrices are multiplied here: floating-point operations a second of all threads together, in products of a network's widths and of a
 * batch's tokens, by the same runtime and session options as encoding. That is what encoding cannot exceed.
 * @throws the signal's reason when it is aborted; what a thread throws.
 * @throws {RuntimeMissing}
 */
export async function measureGemm(
  widths: ProductWidths,
  { threads, device = 'cpu', milliseconds = USUAL_MILLISECONDS, signal }: MeasureGemmOptions,
): Promise<number> {
  prepareRuntime();
  const graph = gemmGraph(deviceNamed(device).tokensPerBatch, widths);
  const work: GemmWork = { graph, milliseconds, device };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./gemm-worker.js', import.meta.url), { workerData: work }),
  );
  const messages = () => Promise.all(workers.map((worker) => once(worker, 'message', { signal })));
  try {
    await messages();
    const rates = messages();
    for (const worker of workers) worker.postMessage('go');
    return (await rates).reduce((sum, [rate]) => sum + (rate as number), 0);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
