import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { Tensor } from '../../safetensors.js';
import { transposed } from '../tensor-shapes.js';
import { float32Weights } from './float32-weights.js';
import type { WeightForm } from './weight-form.js';

/**
 * Of 7 bits: without VNNI, x86 adds two products of a byte and a weight in 16 bits and saturates (VPMADDUBSW). Two of 255 x 63 fit, of 255 x 127
 * they do not.
 */
const LARGEST_FACTOR = 63;
/** Rows that are looked up are not multiplied: all 8 bits. */
const LARGEST_ENTRY = 127;
/** Activations are unsigned bytes around this one, by up to {@link LARGEST_ENTRY}. */
const ZERO_POINT = 128;
/** Looked up once: in a context of its own (`node:vm`, as tests have) each look-up of a global takes many times as long as the arithmetic. */
const { abs, floor, max, round } = Math;
/** Below every activation that matters: a row of zeros has a scale, too. */
const SMALLEST_SCALE = 1e-30;

/**
 * Whole numbers with a scale for each output (weights) and for each token (activations, found when the graph runs). A scale for a whole batch, as
 * ONNX's DynamicQuantizeLinear has it, would make a text's vector depend on the texts beside it.
 */
export const int8Weights: WeightForm = {
  isQuantised: true,
  ofTransform: float32Weights,
  get ofRows() {
    return int8Rows;
  },
  held: (matrix) => matrix,
  rowsOf: (matrix) => {
    const { values, scales } = byRows(matrix, LARGEST_ENTRY);
    const columns = matrix.shape[1]!;
    return {
      shape: matrix.shape,
      data: Float32Array.from(values, (value, i) => value * scales[floor(i / columns)]!),
    };
  },
  table: (graph, name, matrix) => {
    const { values, scales } = byRows(matrix, LARGEST_ENTRY);
    const stored = graph.constant(name, DataType.int8, matrix.shape, values);
    const wide = graph.node('Cast', [stored], { to: DataType.float32 });
    return graph.node('Mul', [wide, graph.floats(`${name}.scales`, [scales.length, 1], scales)]);
  },
  multiplier: (graph, input) => {
    const { bytes, scale } = quantisedRows(graph, input);
    const one = graph.scalar(1);
    const zero = graph.constant(`${bytes}.zero`, DataType.uint8, [], Uint8Array.of(ZERO_POINT));
    return (name, matrix) => {
      const { values, scales } = byRows(transposed(matrix), LARGEST_FACTOR);
      const turned = turnedBytes(values, matrix.shape);
      const stored = graph.constant(name, DataType.int8, matrix.shape, turned);
      const products = graph.fused('MatMulIntegerToFloat', [
        ...[bytes, stored, one, graph.floats(`${name}.scales`, [scales.length], scales), zero],
      ]);
      return graph.node('Mul', [products, scale]);
    };
  },
};

/** The rows of a table of whole numbers, multiplied as float32: onnxruntime makes them wide once, when it loads the graph. */
const int8Rows: WeightForm = {
  isQuantised: false,
  ofTransform: int8Weights.ofTransform,
  get ofRows() {
    return int8Rows;
  },
  held: int8Weights.held,
  rowsOf: int8Weights.rowsOf,
  table: int8Weights.table,
  multiplier: (graph, input) => (name, matrix) => {
    const rows = int8Weights.table(graph, name, transposed(matrix));
    return graph.node('MatMul', [input, graph.node('Transpose', [rows], { perm: [1, 0] })]);
  },
};

/** Each row, [..., width], as bytes around {@link ZERO_POINT}, and what a step of it is worth: float32 [..., 1]. */
function quantisedRows(graph: GraphBuilder, input: Value): { bytes: Value; scale: Value } {
  const largest = graph.node('ReduceMax', [graph.node('Abs', [input])], { axes: [-1], keepdims: 1 });
  const scale = graph.node('Max', [
    graph.node('Mul', [largest, graph.scalar(1 / LARGEST_ENTRY)]),
    graph.scalar(SMALLEST_SCALE),
  ]);
  // The cast cuts off; half a step more, and it rounds.
  const steps = graph.node('Add', [graph.node('Div', [input, scale]), graph.scalar(ZERO_POINT + 0.5)]);
  return { bytes: graph.node('Cast', [steps], { to: DataType.uint8 }), scale };
}

/** Whole numbers up to `largest`, and for each row what one is worth. */
function byRows({ shape, data }: Tensor, largest: number): { values: Int8Array; scales: Float32Array } {
  const [rows, columns] = shape as [number, number];
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const cells = data.subarray(row * columns, (row + 1) * columns);
    const scale = cells.reduce((most, value) => max(most, abs(value)), 0) / largest || 1;
    scales[row] = scale;
    for (let i = 0; i < columns; i++) values[row * columns + i] = round(cells[i]! / scale);
  }
  return { values, scales };
}

/** Rows of outputs to columns of outputs: [to, from] -> [from, to]. */
function turnedBytes(values: Int8Array, [from, to]: readonly number[]): Int8Array {
  const turned = new Int8Array(values.length);
  for (let row = 0; row < to!; row++) {
    for (let column = 0; column < from!; column++) turned[column * to! + row] = values[row * from! + column]!;
  }
  return turned;
}
