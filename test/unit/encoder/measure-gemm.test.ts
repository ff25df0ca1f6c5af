import { InferenceSession, Tensor } from 'onnxruntime-node';
import { measureGemm } from '../../../src/encoder/measure-gemm.js';
import { gemmGraph } from '../../../src/model/graph/gemm-graph.js';

test('gives the states back, after as many products as it counts operations', async () => {
  const { pieces, shape, operations } = gemmGraph(4, { hidden: 8, inner: 20 });
  const session = await InferenceSession.create(Buffer.concat(pieces), { logSeverityLevel: 3 });
  const states = Float32Array.from({ length: 32 }, (_, i) => i);
  const { products } = await session.run({ states: new Tensor('float32', states, [...shape]) });
  await session.release();
  expect([...(products!.data as Float32Array)]).toEqual([...states]);
  expect(operations).toBe(64 * 2 * (2 * 4 * 8 * 20));
});

test('measures threads together, and stops when told', async () => {
  const widths = { hidden: 64, inner: 128 };
  expect(await measureGemm(widths, { threads: 2, milliseconds: 50 })).toBeGreaterThan(1e8);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(measureGemm(widths, { threads: 1, signal })).rejects.toThrow();
});
