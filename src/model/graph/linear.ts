import type { CheckpointTensors } from '../checkpoint-tensors.js';
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { transposed } from './tensor-shapes.js';
import type { WeightForm } from './weights/weight-form.js';

/** `x W^T` without the bias, which the operators that follow add themselves; in the form of all weights, unless another is given. */
export function linear(
  graph: GraphBuilder,
  tensors: CheckpointTensors,
  input: Value,
  layer: string,
  [from, to]: readonly [number, number],
  form: WeightForm = tensors.form,
): Value {
  const weight = transposed(tensors.matrix(`${layer}.weight`, to, from));
  return form.multiplier(graph, input)(`${layer}.weight`, weight);
}

/** A vector of the checkpoint as a constant of the same name. */
export function vector(graph: GraphBuilder, tensors: CheckpointTensors, name: string, length: number): Value {
  return graph.floats(name, [length], tensors.vector(name, length));
}
