import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { DecoderInput } from '../graph-parts.js';

/** The states that the decoder multiplies: float32 [texts, length, hidden]. */
export function normalisedStates(graph: GraphBuilder, { state, norm }: DecoderInput): Value {
  const hidden = norm.weight.length;
  const constants = [
    graph.floats('decoder.norm.weight', [hidden], norm.weight),
    graph.floats('decoder.norm.bias', [hidden], norm.bias),
  ];
  return graph.node('LayerNormalization', [state, ...constants], { axis: -1, epsilon: { float: norm.epsilon } });
}
