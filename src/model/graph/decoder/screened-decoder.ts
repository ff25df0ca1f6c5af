import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { DecoderInput } from '../graph-parts.js';
import type { SparseHead } from '../sparse-head.js';
import { summed } from '../sum-pooling.js';
import { inHalves, largerOfHalves, paddedHalves } from './halves.js';
import { lowRankBounds } from './low-rank-bounds.js';
import { normalisedStates } from './normalised-states.js';
import { overwritePadding } from './padding.js';
import type { Pooled } from './pooled-logits.js';
import type { Screen } from './screen.js';
import { wholeNumberBounds } from './whole-number-bounds.js';

/**
 * As `tiledMaxima`, for the entries that a screen cannot exclude: it finds those whose bound is positive for any text of the batch, and
 * the decoder is multiplied for them alone. The entries that are left out have no positive logit, so no weight.
 */
export function screenedMaxima(graph: GraphBuilder, input: DecoderInput, screen: Screen, mask: Value): Pooled {
  const states = paddedHalves(graph, mask)(normalisedStates(graph, input));
  const { ids, logits, bias } = logitsOf(
    graph,
    input,
    states,
    candidates(graph, boundsOf(graph, screen, states), input),
  );
  return { ids, values: graph.node('Add', [largerOfHalves(graph, graph.maximum(logits, 1)), bias]) };
}

/** As `tiledSums`: an entry without a positive logit adds nothing at any position. */
export function screenedSums(
  graph: GraphBuilder,
  head: SparseHead,
  input: DecoderInput,
  screen: Screen,
  mask: Value,
): Pooled {
  const states = normalisedStates(graph, input);
  const seen = overwritePadding(graph, states, mask);
  const left = candidates(graph, boundsOf(graph, screen, inHalves(graph, seen)), input);
  const { ids, logits, bias } = logitsOf(graph, input, states, left);
  return { ids, values: summed(graph, head, graph.node('Add', [logits, bias]), mask) };
}

/** The decoder for some vocabulary ids: logits without their bias, [texts, length, ids], and the bias, [ids]. */
export function logitsOf(
  graph: GraphBuilder,
  { decoder, decoderValue, form, bias }: DecoderInput,
  states: Value,
  ids: Value,
) {
  const rows = graph.node('Gather', [decoderValue ?? form.table(graph, 'decoder', decoder), ids]);
  const logits = graph.node('MatMul', [states, graph.node('Transpose', [rows], { perm: [1, 0] })]);
  return { ids, logits, bias: graph.node('Gather', [graph.floats('decoder.bias', [bias.length], bias), ids]) };
}

/** Bounds of the logits that any state may have: float32 [vocabulary]. */
function boundsOf(graph: GraphBuilder, screen: Screen, states: Value): Value {
  return screen.kind === 'low-rank' ? lowRankBounds(graph, screen, states) : wholeNumberBounds(graph, screen, states);
}

/** Vocabulary ids whose bound, float32 [vocabulary], is positive, or no number: int32 [candidates], ascending. */
function candidates(graph: GraphBuilder, bounds: Value, { bias }: DecoderInput): Value {
  return idsLeft(graph, graph.node('LessOrEqual', [bounds, graph.scalar(0)]), bias.length);
}

/** Vocabulary ids, out of so many, that are not excluded: int32 [candidates], ascending. */
export function idsLeft(graph: GraphBuilder, isExcluded: Value, vocabulary: number): Value {
  const ids = graph.constant(
    'screen.ids',
    DataType.int32,
    [vocabulary],
    Int32Array.from({ length: vocabulary }).map((_, id) => id),
  );
  return graph.node('Compress', [ids, graph.node('Not', [isExcluded])]);
}
