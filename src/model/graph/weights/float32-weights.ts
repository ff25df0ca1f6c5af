import type { WeightForm } from './weight-form.js';

/** Weights as they are in most checkpoints. */
export const float32Weights: WeightForm = {
  isQuantised: false,
  get ofTransform() {
    return float32Weights;
  },
  held: (matrix) => matrix,
  get ofRows() {
    return float32Weights;
  },
  rowsOf: (matrix) => matrix,
  table: (graph, name, { shape, data }) => graph.floats(name, shape, data),
  multiplier: (graph, input) => (name, matrix) =>
    graph.node('MatMul', [input, float32Weights.table(graph, name, matrix)]),
};
