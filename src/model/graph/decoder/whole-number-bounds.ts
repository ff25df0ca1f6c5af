import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { Tensor } from '../../safetensors.js';
import { largerOfHalves } from './halves.js';
import { largestNorm } from './largest-norm.js';
import { LARGEST_ACTIVATION, type WholeNumberScreen } from './screen.js';
import { ofTiles } from './tiled-decoder.js';

/** Activations are unsigned bytes around this one, by up to {@link LARGEST_ACTIVATION}. */
const ZERO_POINT = 128;
/** Below every step that matters: states of zeros have one, too. */
const SMALLEST_STEP = 1e-30;
/** As wide again as those of the decoder: products of bytes take a quarter of the time, and what each tile costs beside them weighs more. */
const TILE_COLUMNS = 512;

/**
 * The bounds of a whole-number screen for the logits of any state, [2 texts, length / 2, hidden], in halves: float32 [vocabulary]. One step serves a
 * whole batch, so that the largest product of whole numbers is the largest product; it decides which entries are looked at, and no weight.
 */
export function wholeNumberBounds(graph: GraphBuilder, screen: WholeNumberScreen, states: Value): Value {
  const { table, scales, constants, perNorm, perStep } = screen;
  const entries = scales.length;
  const step = stepOf(graph, states);
  const largest = graph.node('Cast', [largestProducts(graph, bytesOf(graph, states, step), table)], {
    to: DataType.float32,
  });
  const inScale = graph.node('Mul', [largest, graph.floats('screen.scales', [entries], scales)]);
  const factors = [largestNorm(graph, states), step, graph.scalar(1)].map((factor) =>
    graph.node('Reshape', [factor, graph.integers(1)]),
  );
  const rest = graph.node('MatMul', [
    graph.node('Concat', factors, { axis: 0 }),
    graph.floats('screen.rest', [factors.length, entries], rowByRow(perNorm, perStep, constants)),
  ]);
  return graph.node('Add', [graph.node('Mul', [inScale, step]), rest]);
}

function rowByRow(...rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => Array.from(row)));
}

/** What one is worth in the states' whole numbers: float32 []. */
function stepOf(graph: GraphBuilder, states: Value): Value {
  const largest = graph.node('ReduceMax', [graph.node('Abs', [states])], { axes: [0, 1, 2], keepdims: 0 });
  const step = graph.node('Mul', [largest, graph.scalar(1 / LARGEST_ACTIVATION)]);
  return graph.node('Max', [step, graph.scalar(SMALLEST_STEP)]);
}

function bytesOf(graph: GraphBuilder, states: Value, step: Value): Value {
  // The cast cuts off; half a step more, and it rounds.
  const steps = graph.node('Add', [graph.node('Div', [states, step]), graph.scalar(ZERO_POINT + 0.5)]);
  return graph.node('Cast', [steps], { to: DataType.uint8 });
}

/**
 * The largest inner products of any state, uint8 [2 texts, length / 2, hidden] around {@link ZERO_POINT}, with each row of a table of whole numbers:
 * int32 [entries]. All first halves are one row of states here, and all second ones another: a maximum over texts beside that over positions took as long
 * again as the product, for a lone query.
 */
export function largestProducts(graph: GraphBuilder, bytes: Value, table: Tensor): Value {
  const zero = graph.constant('screen.zero', DataType.uint8, [], Uint8Array.of(ZERO_POINT));
  const rows = graph.node('Reshape', [bytes, graph.integers(2, -1, table.shape[1]!)]);
  return largestOfHalves(graph, { rows, zero }, table, TILE_COLUMNS);
}

/** Whole numbers around another: uint8 [2, rows, hidden] around uint8 []. */
interface Bytes {
  readonly rows: Value;
  readonly zero: Value;
}

/** The largest inner products of any row with each row of a table of whole numbers: int32 [entries]. */
export function largestOfHalves(graph: GraphBuilder, { rows, zero }: Bytes, table: Tensor, columns: number): Value {
  const largest = ofTiles(graph, table, columns, (tile, start) => {
    const factors = graph.constant(`screen.${start}`, DataType.int8, tile.shape, Int8Array.from(tile.data));
    return graph.maximum(graph.node('MatMulInteger', [rows, factors, zero]), 1);
  });
  return graph.node('Reshape', [largerOfHalves(graph, largest), graph.integers(-1)]);
}
