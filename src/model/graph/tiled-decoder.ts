import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import type { DecoderInput } from './graph-parts.js';
import { normalisedStates } from './normalised-states.js';
import { overwritePadding } from './padding.js';
import { columnsOf, transposed } from './tensor-shapes.js';

/**
 * Columns of a tile: the logits of a batch, [tokens, columns], stay in a core's second cache between the MatMul and its maximum
 * (256 tokens x 256 columns x 4 bytes = 256 KiB). 2048 columns took 1.3 times as long for the whole decoder, 512 1.2 times.
 */
const TILE_COLUMNS = 256;

/**
 * The largest logit of each vocabulary entry over a text's positions, less the entry's bias: [texts, vocabulary]. The bias does
 * not depend on the position, so it is added after the maximum, to one row for each text and not for each token.
 */
export function tiledMaxima(graph: GraphBuilder, input: DecoderInput, mask: Value): Value {
  const states = overwritePadding(graph, normalisedStates(graph, input), mask);
  const weight = transposed(input.decoder);
  const vocabulary = weight.shape[1]!;
  const maxima: Value[] = [];
  for (let start = 0; start < vocabulary; start += TILE_COLUMNS) {
    const tile = columnsOf(weight, start, Math.min(start + TILE_COLUMNS, vocabulary));
    const logits = graph.node('MatMul', [states, graph.floats(`decoder.${start}`, tile.shape, tile.data)]);
    maxima.push(graph.maximum(logits, 1));
  }
  return graph.node('Concat', maxima, { axis: 1 });
}
