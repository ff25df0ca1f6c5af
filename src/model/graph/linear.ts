import type { CheckpointTensors } from '../checkpoint-tensors.js';
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { transposed } from './tensor-shapes.js';

/** `x W^T` without the bias, which the operators that follow add themselves. */
export function linear(
  graph: GraphBuilder,
  tensors: CheckpointTensors,
  input: Value,
  layer: string,
  [from, to]: readonly [number, number],
): Value {
  const weight = transposed(tensors.matrix(`${layer}.weight`, to, from));
  return graph.node('MatMul', [input, graph.floats(`${layer}.weight`, weight.shape, weight.data)]);
}

/** A vector of the checkpoint as a constant of the same name. */
export function vector(graph: GraphBuilder, tensors: CheckpointTensors, name: string, length: number): Value {
  return graph.floats(name, [length], tensors.vector(name, length));
}
