import { DataType, type GraphBuilder, type Value } from '../onnx/graph-builder.js';

/** Inputs beside the tokens: which positions take part (int32 [length], 1 for yes), and the vocabulary ids asked about (int32 [ids]). */
export const POSITION_INPUTS = { candidates: 'candidates', ids: 'asked_ids' } as const;

/** The output: for each id asked about, the position that gave it the largest logit, int32 [ids]. */
export const POSITIONS_OUTPUT = 'positions';

/** Below every logit. */
const NEVER = -3e38;

/**
 * Which position of one text won the maximum of max pooling, for the vocabulary ids asked about. Only those ids' logits are
 * computed. The bias of an id is the same at every position, so it may be left out.
 * @param logitsOf the logits of some ids: int32 [ids] -> float32 [1, length, ids].
 */
export function winningPositions(graph: GraphBuilder, logitsOf: (ids: Value) => Value): void {
  const ids = graph.input(POSITION_INPUTS.ids, DataType.int32, ['ids']);
  const candidates = graph.input(POSITION_INPUTS.candidates, DataType.int32, ['length']);
  const takesPart = graph.node('Unsqueeze', [
    graph.node('Cast', [candidates], { to: DataType.bool }),
    graph.integers(1),
  ]);
  const logits = graph.node('Squeeze', [logitsOf(ids), graph.integers(0)]);
  const racing = graph.node('Where', [takesPart, logits, graph.scalar(NEVER)]);
  const winners = graph.node('ArgMax', [racing], { axis: 0, keepdims: 0 });
  graph.output(POSITIONS_OUTPUT, graph.node('Cast', [winners], { to: DataType.int32 }), DataType.int32, ['ids']);
}
