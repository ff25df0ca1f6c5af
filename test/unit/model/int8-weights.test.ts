import { InferenceSession, Tensor } from 'onnxruntime-node';
import { int8Weights } from '../../../src/model/graph/weights/int8-weights.js';
import { DataType, GraphBuilder } from '../../../src/model/onnx/graph-builder.js';

const FROM = 96;
const TO = 40;
const ROWS = 5;

/** Runs one product of the form: [1, rows, FROM] x [FROM, TO]. */
async function multiplied(rows: Float32Array, matrix: Float32Array): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const input = graph.input('rows', DataType.float32, [1, 'rows', FROM]);
  const product = int8Weights.multiplier(graph, input)('matrix', { shape: [FROM, TO], data: matrix });
  graph.output('product', product, DataType.float32, [1, 'rows', TO]);
  const session = await InferenceSession.create(Buffer.concat(graph.model({})), { logSeverityLevel: 3 });
  const shape = [1, rows.length / FROM, FROM];
  const outputs = await session.run({ rows: new Tensor('float32', rows, shape) });
  await session.release();
  return outputs.product!.data as Float32Array;
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const sizes = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0);

test('is off by no more than half a step of each factor allows', async () => {
  const rows = Float32Array.from({ length: ROWS * FROM }, (_, i) => Math.sin(i * i) * 10 ** (Math.floor(i / FROM) - 2));
  const matrix = Float32Array.from({ length: FROM * TO }, (_, i) => Math.cos(i * 1.7) * (1 + (i % TO)));
  const found = await multiplied(rows, matrix);
  for (let row = 0; row < ROWS; row++) {
    const x = rows.subarray(row * FROM, (row + 1) * FROM);
    for (let column = 0; column < TO; column++) {
      const w = Float32Array.from({ length: FROM }, (_, i) => matrix[i * TO + column]!);
      const exact = x.reduce((sum, value, i) => sum + value * w[i]!, 0);
      const [stepOfRow, stepOfColumn] = [largest(x) / 127 / 2, largest(w) / 63 / 2];
      const bound = stepOfRow * sizes(w) + stepOfColumn * sizes(x) + FROM * stepOfRow * stepOfColumn;
      expect(Math.abs(found[row * TO + column]! - exact)).toBeLessThanOrEqual(1.0001 * bound);
    }
  }
});

test('does not saturate where all factors are at their largest', async () => {
  const found = await multiplied(new Float32Array(FROM).fill(2), new Float32Array(FROM * TO).fill(-3));
  for (const value of found) expect(value).toBeCloseTo(-6 * FROM, 2);
});

test('gives a row its product, whatever the rows beside it', async () => {
  const matrix = Float32Array.from({ length: FROM * TO }, (_, i) => Math.sin(i));
  const row = Float32Array.from({ length: FROM }, (_, i) => Math.cos(i));
  const beside = Float32Array.from({ length: 3 * FROM }, (_, i) => (i < FROM ? row[i]! : 1000 * Math.sin(i)));
  const [alone, together] = [await multiplied(row, matrix), await multiplied(beside, matrix)];
  expect([...together.subarray(0, TO)]).toEqual([...alone]);
});

test('takes a row of zeros', async () => {
  expect(largest(await multiplied(new Float32Array(FROM), new Float32Array(FROM * TO).fill(1)))).toBe(0);
});
