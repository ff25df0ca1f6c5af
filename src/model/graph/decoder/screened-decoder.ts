import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { DecoderInput } from '../graph-parts.js';
import type { SparseHead } from '../sparse-head.js';
import { summed } from '../sum-pooling.js';
import { float32Weights } from '../weights/float32-weights.js';
import { inHalves, largerOfHalves } from './halves.js';
import { normalisedStates } from './normalised-states.js';
import { overwritePadding } from './padding.js';
import type { Pooled } from './pooled-logits.js';
import { GROUP_WIDTH, type Screen } from './screen.js';
import { maximaOfTiles } from './tiled-decoder.js';

/** Above the rounding of a state's norm in float32, (hidden + 2) 2^-24. */
const STATE_NORM_SLACK = 1 + 2 ** -10;

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
  const products = maximaOfTiles(graph, 'screen', featuresOf(graph, screen, states), screen.table, {
    form: float32Weights,
  });
  const largest = graph.maximum(products, 0);
  const bounds = graph.node('Add', [
    graph.node('Add', [largest, graph.floats('screen.constants', [screen.constants.length], screen.constants)]),
    graph.node('Mul', [
      largestNorm(graph, states),
      graph.floats('screen.per_norm', [screen.perNorm.length], screen.perNorm),
    ]),
  ]);
  const isExcluded = graph.node('LessOrEqual', [bounds, graph.scalar(0)]);
  return graph.node('Squeeze', [graph.node('NonZero', [graph.node('Not', [isExcluded])]), graph.integers(0)]);
}

/** `f(x)` of {@link Screen}: [texts, length, hidden] -> [texts, length, rank + groups]. */
function featuresOf(graph: GraphBuilder, { rank, transform, shift }: Screen, states: Value): Value {
  const hidden = shift.length;
  const product = graph.node('MatMul', [states, graph.floats('screen.transform', transform.shape, transform.data)]);
  const coordinates = graph.node('Add', [product, graph.floats('screen.shift', [hidden], shift)]);
  const parts = graph.nodes('Split', [coordinates, graph.integers(rank, hidden - rank)], 2, { axis: 2 });
  const [leading, rest] = parts as [Value, Value];
  const groups = (hidden - rank) / GROUP_WIDTH;
  const sums = Float32Array.from({ length: (hidden - rank) * groups }, (_, i) =>
    Number(Math.floor(i / groups / GROUP_WIDTH) === i % groups),
  );
  const squares = graph.node('MatMul', [
    graph.node('Mul', [rest, rest]),
    graph.floats('screen.groups', [hidden - rank, groups], sums),
  ]);
  return graph.node('Concat', [leading, graph.node('Sqrt', [squares])], { axis: 2 });
}

/** The largest norm of a state, rounded up: float32 []. */
function largestNorm(graph: GraphBuilder, states: Value): Value {
  const norms = graph.node('ReduceL2', [states], { axes: [2], keepdims: 1 });
  return graph.node('Mul', [
    graph.node('ReduceMax', [norms], { axes: [0, 1, 2], keepdims: 0 }),
    graph.scalar(STATE_NORM_SLACK),
  ]);
}
