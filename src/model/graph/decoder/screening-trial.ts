import { DataType, GraphBuilder, type GraphPieces } from '../../onnx/graph-builder.js';
import { float32Weights } from '../weights/float32-weights.js';
import { maximaOfTiles } from './tiled-decoder.js';
import { largestProducts } from './whole-number-bounds.js';

/** Entries of the trial's table: enough that what a run costs beside them does not count. */
const ENTRIES = 4096;

/** Graphs that do the same, the one by products of float32 and the other by products of bytes: from `states`, each of its own type, to `maxima`. */
export interface ScreeningTrial {
  readonly shape: readonly [texts: number, length: number, hidden: number];
  readonly floats: GraphPieces;
  readonly bytes: GraphPieces;
}

/** What tells whether products of bytes are quicker on a machine: the largest products of a batch's states with a table, as a decoder and a screen take them. */
export function screeningTrial(hidden: number): ScreeningTrial {
  const shape = [2, 128, hidden] as const;
  const table = {
    shape: [ENTRIES, hidden],
    data: Float32Array.from({ length: ENTRIES * hidden }, (_, i) => (i % 63) - 31),
  };
  return { shape, floats: graphOf(DataType.float32), bytes: graphOf(DataType.uint8) };

  function graphOf(type: DataType): GraphPieces {
    const graph = new GraphBuilder();
    const states = graph.input('states', type, shape);
    const maxima =
      type === DataType.float32
        ? graph.maximum(maximaOfTiles(graph, 'table', states, table, { form: float32Weights }), 0)
        : graph.node('Cast', [largestProducts(graph, states, table)], { to: DataType.float32 });
    graph.output('maxima', maxima, DataType.float32, [ENTRIES]);
    return graph.model({});
  }
}
