import { halfToSingle, singleToHalf } from '../../half-precision.js';
import { DataType } from '../../onnx/graph-builder.js';
import type { WeightForm } from './weight-form.js';

/**
 * Weights stored in half the bytes. onnxruntime widens them to float32 when it loads the graph (it folds constants), so that arithmetic and speed
 * are float32's: CPUs have no half-precision products worth the name.
 */
export const float16Weights: WeightForm = {
  isQuantised: false,
  get ofTransform() {
    return float16Weights;
  },
  held: ({ shape, data }) => ({ shape, data: data.map((value) => halfToSingle(singleToHalf(value))) }),
  get ofRows() {
    return float16Weights;
  },
  rowsOf: (matrix) => float16Weights.held(matrix),
  table: (graph, name, matrix) => {
    const halves = Uint16Array.from(matrix.data, singleToHalf);
    const stored = graph.constant(name, DataType.float16, matrix.shape, halves);
    return graph.node('Cast', [stored], { to: DataType.float32 });
  },
  multiplier: (graph, input) => (name, matrix) =>
    graph.node('MatMul', [input, float16Weights.table(graph, name, matrix)]),
};
