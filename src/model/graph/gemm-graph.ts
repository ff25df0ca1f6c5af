import type { ProductWidths } from '../arithmetic.js';
import { DataType, GraphBuilder, type GraphPieces } from '../onnx/graph-builder.js';
import type { Tensor } from '../safetensors.js';
import { transposed } from './tensor-shapes.js';

/** A graph of matrix products and nothing else: from `states` to `products`, both float32 [tokens, hidden]. */
export interface GemmGraph {
  readonly pieces: GraphPieces;
  readonly shape: readonly [tokens: number, hidden: number];
  /** Floating-point operations of a run. */
  readonly operations: number;
}

/** A run takes long beside the call: so many operations, as far as the graph stays small. */
const OPERATIONS = 2e9;
const MOST_PAIRS = 64;

/**
 * Products of a network's own widths, there and back: [tokens, hidden] x [hidden, inner] x [inner, hidden], over and over. On the way there
 * the state is laid beside itself, on the way back the mean of the copies is taken: numbers neither grow nor vanish.
 */
export function gemmGraph(tokens: number, { hidden, inner }: ProductWidths): GemmGraph {
  const graph = new GraphBuilder();
  const copies = Math.max(1, Math.floor(inner / hidden));
  const there = identities(hidden, inner, copies);
  const back = transposed(there).data.map((value) => value / copies);
  const widen = graph.floats('widen', there.shape, there.data);
  const narrow = graph.floats('narrow', [inner, hidden], back);
  const operationsOfPair = 4 * tokens * hidden * inner;
  const pairs = Math.min(MOST_PAIRS, Math.ceil(OPERATIONS / operationsOfPair));
  let state = graph.input('states', DataType.float32, [tokens, hidden]);
  for (let pair = 0; pair < pairs; pair++) {
    state = graph.node('MatMul', [graph.node('MatMul', [state, widen]), narrow]);
  }
  graph.output('products', state, DataType.float32, [tokens, hidden]);
  return { pieces: graph.model({}), shape: [tokens, hidden], operations: pairs * operationsOfPair };
}

/** Identity matrices side by side, [rows, columns]. */
function identities(rows: number, columns: number, copies: number): Tensor {
  const data = new Float32Array(rows * columns);
  for (let copy = 0; copy < copies; copy++) {
    for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + copy * rows + i] = 1;
  }
  return { shape: [rows, columns], data };
}
