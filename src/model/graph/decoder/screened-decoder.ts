import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { DecoderInput } from '../graph-parts.js';
import type { SparseHead } from '../sparse-head.js';
import { summed } from '../sum-pooling.js';
import { inHalves, largerOfHalves } from './halves.js';
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
  const states = inHalves(graph, overwritePadding(graph, normalisedStates(graph, input), mask));
  const { ids, logits, bias } = logitsOf(graph, input, states, candidates(graph, screen, states));
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
  const { ids, logits, bias } = logitsOf(graph, input, states, candidates(graph, screen, inHalves(graph, seen)));
  return { ids, values: summed(graph, head, graph.node('Add', [logits, bias]), mask) };
}

/** The decoder for some vocabulary ids: logits without their bias, [texts, length, ids], and the bias, [ids]. */
function logitsOf(graph: GraphBuilder, { decoder, decoderValue, form, bias }: DecoderInput, states: Value, ids: Value) {
  const rows = graph.node('Gather', [decoderValue ?? form.table(graph, 'decoder', decoder), ids]);
  const logits = graph.node('MatMul', [states, graph.node('Transpose', [rows], { perm: [1, 0] })]);
  return { ids, logits, bias: graph.node('Gather', [graph.floats('decoder.bias', [bias.length], bias), ids]) };
}

/** Vocabulary ids whose bound is positive, or no number, for any state: int64 [candidates], ascending. */
function candidates(graph: GraphBuilder, screen: Screen, states: Value): Value {
  const bounds =
    screen.kind === 'low-rank' ? lowRankBounds(graph, screen, states) : wholeNumberBounds(graph, screen, states);
  const isExcluded = graph.node('LessOrEqual', [bounds, graph.scalar(0)]);
  return graph.node('Squeeze', [graph.node('NonZero', [graph.node('Not', [isExcluded])]), graph.integers(0)]);
}
