import { DataType, type GraphBuilder, type Value } from '../onnx/graph-builder.js';
import type { Pooled } from './decoder/pooled-logits.js';
import { log1p, type SparseHead } from './sparse-head.js';

/** Names of the outputs: entry `i` says that text `rows[i]` gives vocabulary id `ids[i]` the weight `weights[i]`. */
export const SPARSE_OUTPUTS = ['rows', 'ids', 'weights'] as const;

/** Up to here 1 + x is 1 in float32, and the weight would be 0. */
const VANISHING = 2 ** -24;

/**
 * Max pooling's last steps and the way out: the positive among the largest logits. ReLU and log1p are monotonic,
 * so they come after the maximum; only entries that are kept pay for them.
 */
export function sparseMaxima(graph: GraphBuilder, { logarithms }: SparseHead, logits: Pooled): void {
  sparseEntries(graph, logits, VANISHING, (positive) => log1p(graph, positive, logarithms));
}

/**
 * The way out of one text's largest logits where they are few: ids with a weight each, which counts where it is above 0. To sift some tens of numbers takes as
 * many operators as a layer.
 */
export function unsiftedMaxima(
  graph: GraphBuilder,
  { logarithms }: SparseHead,
  { ids, values }: Required<Pooled>,
): void {
  graph.output('ids', ids, DataType.int32, ['entries']);
  graph.output('weights', log1p(graph, values, logarithms), DataType.float32, [1, 'entries']);
}

/** The way out of weights as they are. */
export function sparseWeights(graph: GraphBuilder, weights: Pooled): void {
  sparseEntries(graph, weights, 0, (positive) => positive);
}

/** What is above the threshold as entries, by row and then by id. */
function sparseEntries(graph: GraphBuilder, pooled: Pooled, threshold: number, weigh: (kept: Value) => Value): void {
  const { values: dense, ids: idOfColumn } = pooled;
  const isKept = graph.node('Greater', [dense, graph.scalar(threshold)]);
  const coordinates = graph.node('Transpose', [graph.node('NonZero', [isKept])], { perm: [1, 0] });
  const kept = graph.node('GatherND', [dense, coordinates]);
  const [rows, entries] = graph.nodes('Split', [coordinates, graph.integers(1, 1)], 2, { axis: 1 }) as [Value, Value];
  const column = graph.node('Squeeze', [entries, graph.integers(1)]);
  const row = graph.node('Squeeze', [rows, graph.integers(1)]);
  const ids = idOfColumn
    ? graph.node('Gather', [idOfColumn, column])
    : graph.node('Cast', [column], { to: DataType.int32 });
  graph.output('rows', graph.node('Cast', [row], { to: DataType.int32 }), DataType.int32, ['entries']);
  graph.output('ids', ids, DataType.int32, ['entries']);
  graph.output('weights', weigh(kept), DataType.float32, ['entries']);
}
