import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';

/**
 * Overwrites the states of padding, [texts, length, hidden], with those of the row's first token. A maximum over the positions
 * is then that over the real ones, and no mask has to be laid over [texts, length, vocabulary].
 */
export function overwritePadding(graph: GraphBuilder, states: Value, mask: Value): Value {
  const positions = graph.integers(1);
  const first = graph.node('Slice', [states, graph.integers(0), graph.integers(1), positions]);
  const isToken = graph.node('Cast', [mask], { to: DataType.bool });
  return graph.node('Where', [graph.node('Unsqueeze', [isToken, graph.integers(2)]), states, first]);
}
