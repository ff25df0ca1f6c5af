import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';

/** Above the rounding of a state's norm in float32, (hidden + 2) 2^-24. */
const STATE_NORM_SLACK = 1 + 2 ** -10;

/** The largest norm of a state, [texts, length, hidden], rounded up: float32 []. */
export function largestNorm(graph: GraphBuilder, states: Value): Value {
  const norms = graph.node('ReduceL2', [states], { axes: [2], keepdims: 1 });
  return graph.node('Mul', [
    graph.node('ReduceMax', [norms], { axes: [0, 1, 2], keepdims: 0 }),
    graph.scalar(STATE_NORM_SLACK),
  ]);
}
