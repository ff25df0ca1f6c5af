import { DataType, type GraphBuilder, type Value } from '../onnx/graph-builder.js';
import { log1p, type SparseHead } from './sparse-head.js';

/**
 * Sum pooling of logits with their bias, [texts, length, columns]: the activation at each position, summed over the real ones, [texts,
 * columns]. One matrix product with the mask leaves padding out and sums; without a mask there is none.
 */
export function summed(graph: GraphBuilder, { logarithms }: SparseHead, logits: Value, mask?: Value): Value {
  const activations = log1p(graph, graph.node('Relu', [logits]), logarithms);
  if (!mask) return graph.node('ReduceSum', [activations, graph.integers(1)], { keepdims: 0 });
  const isToken = graph.node('Unsqueeze', [graph.node('Cast', [mask], { to: DataType.float32 }), graph.integers(1)]);
  return graph.node('Squeeze', [graph.node('MatMul', [isToken, activations]), graph.integers(1)]);
}
