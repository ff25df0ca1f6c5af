import { DataType, type GraphBuilder, type Value } from '../onnx/graph-builder.js';

/** Names of the outputs: entry `i` says that text `rows[i]` gives vocabulary id `ids[i]` the weight `weights[i]`. */
export const SPARSE_OUTPUTS = ['rows', 'ids', 'weights'] as const;

/** Up to here 1 + x is 1 in float32, and the weight would be 0. */
const VANISHING = 2 ** -24;

/**
 * Max pooling's last steps and the way out: the positive among the largest logits as entries (row, id, log(1 + x)), by row and
 * then by id. ReLU and log1p are monotonic, so they come after the maximum; only entries that are kept pay for them.
 * `logits` is [texts, vocabulary].
 */
export function sparseOutput(graph: GraphBuilder, logits: Value): void {
  const isPositive = graph.node('Greater', [logits, graph.scalar(VANISHING)]);
  const coordinates = graph.node('Transpose', [graph.node('NonZero', [isPositive])], { perm: [1, 0] });
  const positive = graph.node('GatherND', [logits, coordinates]);
  const [rows, entries] = graph.nodes('Split', [coordinates, graph.integers(1, 1)], 2, { axis: 1 }) as [Value, Value];
  const entry = graph.node('Squeeze', [entries, graph.integers(1)]);
  const row = graph.node('Squeeze', [rows, graph.integers(1)]);
  const ids = graph.node('Cast', [entry], { to: DataType.int32 });
  graph.output('rows', graph.node('Cast', [row], { to: DataType.int32 }), DataType.int32, ['entries']);
  graph.output('ids', ids, DataType.int32, ['entries']);
  const weights = graph.node('Log', [graph.node('Add', [positive, graph.scalar(1)])]);
  graph.output('weights', weights, DataType.float32, ['entries']);
}
