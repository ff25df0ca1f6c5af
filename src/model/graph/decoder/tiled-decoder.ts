import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { Tensor } from '../../safetensors.js';
import type { DecoderInput } from '../graph-parts.js';
import type { SparseHead } from '../sparse-head.js';
import { summed } from '../sum-pooling.js';
import { columnsOf, transposed } from '../tensor-shapes.js';
import type { WeightForm } from '../weights/weight-form.js';
import { type InHalves, largerOfHalves } from './halves.js';
import { normalisedStates } from './normalised-states.js';
import type { Pooled } from './pooled-logits.js';

/**
 * Columns of a tile: the logits of a batch, [tokens, columns], stay in a core's second cache between the MatMul and its maximum
 * (256 tokens x 256 columns x 4 bytes = 256 KiB). 2048 columns took 1.3 times as long for the whole decoder, 512 1.2 times.
 */
const TILE_COLUMNS = 256;

/** All columns in one tile: for a few tokens, whose logits fit wherever they are; one large product is shared out among threads, small ones are not. */
export const ONE_TILE = Number.POSITIVE_INFINITY;

/**
 * The largest logit of each vocabulary entry over a text's positions. The bias does not depend on the position, so it is added
 * after the maximum, to one row for each text and not for each token.
 */
export function tiledMaxima(
  graph: GraphBuilder,
  input: DecoderInput,
  inHalves: InHalves,
  columns = TILE_COLUMNS,
): Pooled {
  const states = inHalves(normalisedStates(graph, input));
  const maxima = largerOfHalves(
    graph,
    maximaOfTiles(graph, 'decoder', states, input.decoder, { form: input.form, columns }),
  );
  return { values: graph.node('Add', [maxima, graph.floats('decoder.bias', [input.bias.length], input.bias)]) };
}

/** The weights of sum pooling. */
export function tiledSums(
  graph: GraphBuilder,
  head: SparseHead,
  input: DecoderInput,
  mask?: Value,
  columns = TILE_COLUMNS,
): Pooled {
  const states = normalisedStates(graph, input);
  const times = input.form.multiplier(graph, states);
  const values = ofTiles(graph, input.decoder, columns, (weight, start, stop) => {
    const bias = graph.floats(`decoder.bias.${start}`, [stop - start], input.bias.slice(start, stop));
    return summed(graph, head, graph.node('Add', [times(`decoder.${start}`, weight), bias]), mask);
  });
  return { values };
}

/** The largest products of a text's rows, [texts, length, hidden], with each row of a table, [entries, hidden]: [texts, entries]. */
export function maximaOfTiles(
  graph: GraphBuilder,
  name: string,
  rows: Value,
  table: Tensor,
  { form, columns = TILE_COLUMNS }: { readonly form: WeightForm; readonly columns?: number },
): Value {
  const times = form.multiplier(graph, rows);
  return ofTiles(graph, table, columns, (weight, start) => graph.maximum(times(`${name}.${start}`, weight), 1));
}

/** What `pooled` makes of each tile of a table, side by side; it is given a tile, [hidden, columns], and its columns. */
export function ofTiles(
  graph: GraphBuilder,
  table: Tensor,
  columns: number,
  pooled: (weight: Tensor, start: number, stop: number) => Value,
): Value {
  const weight = transposed(table);
  const entries = weight.shape[1]!;
  const tiles: Value[] = [];
  for (let start = 0; start < entries; start += columns) {
    const stop = Math.min(start + columns, entries);
    tiles.push(pooled(columnsOf(weight, start, stop), start, stop));
  }
  return tiles.length === 1 ? tiles[0]! : graph.node('Concat', tiles, { axis: 1 });
}
