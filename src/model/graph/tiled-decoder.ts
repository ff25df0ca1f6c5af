import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import type { DecoderInput } from './graph-parts.js';
import { normalisedStates } from './normalised-states.js';
import { overwritePadding } from './padding.js';
import type { SparseHead } from './sparse-head.js';
import { summed } from './sum-pooling.js';
import { columnsOf, transposed } from './tensor-shapes.js';

/**
 * Columns of a tile: the logits of a batch, [tokens, columns], stay in a core's second cache between the MatMul and its maximum
 * (256 tokens x 256 columns x 4 bytes = 256 KiB). 2048 columns took 1.3 times as long for the whole decoder, 512 1.2 times.
 */
const TILE_COLUMNS = 256;

/**
 * The largest logit of each vocabulary entry over a text's positions: [texts, vocabulary]. The bias does not depend on the position,
 * so it is added after the maximum, to one row for each text and not for each token.
 */
export function tiledMaxima(graph: GraphBuilder, input: DecoderInput, mask: Value): Value {
  const states = overwritePadding(graph, normalisedStates(graph, input), mask);
  const maxima = tilesOf(graph, input, (weight) => graph.maximum(graph.node('MatMul', [states, weight]), 1));
  return graph.node('Add', [maxima, graph.floats('decoder.bias', [input.bias.length], input.bias)]);
}

/** The weights of sum pooling, [texts, vocabulary]. */
export function tiledSums(graph: GraphBuilder, head: SparseHead, input: DecoderInput, mask: Value): Value {
  const states = normalisedStates(graph, input);
  return tilesOf(graph, input, (weight, start, stop) => {
    const bias = graph.floats(`decoder.bias.${start}`, [stop - start], input.bias.slice(start, stop));
    return summed(graph, head, graph.node('Add', [graph.node('MatMul', [states, weight]), bias]), mask);
  });
}

/** What `pooled` makes of each tile of the decoder, side by side; it is given a tile, [hidden, columns], and its columns. */
function tilesOf(
  graph: GraphBuilder,
  { decoder }: DecoderInput,
  pooled: (weight: Value, start: number, stop: number) => Value,
): Value {
  const weight = transposed(decoder);
  const vocabulary = weight.shape[1]!;
  const tiles: Value[] = [];
  for (let start = 0; start < vocabulary; start += TILE_COLUMNS) {
    const stop = Math.min(start + TILE_COLUMNS, vocabulary);
    const tile = columnsOf(weight, start, stop);
    tiles.push(pooled(graph.floats(`decoder.${start}`, tile.shape, tile.data), start, stop));
  }
  return graph.node('Concat', tiles, { axis: 1 });
}
