import { DataType, type GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { roundedUp } from '../../screen/rounding.js';
import type { DecoderInput } from '../graph-parts.js';
import type { InHalves } from './halves.js';
import { largestNorm } from './largest-norm.js';
import { normalisedStates } from './normalised-states.js';
import type { Pooled } from './pooled-logits.js';
import type { WholeNumberScreen } from './screen.js';
import { idsLeft, logitsOf } from './screened-decoder.js';
import { ONE_TILE } from './tiled-decoder.js';
import { largestOfHalves } from './whole-number-bounds.js';

/** Above the roundings of a LayerNorm, as long as no digits cancel. */
const SLACK = 1 + 2 ** -10;

/**
 * As `screenedMaxima`, for the few tokens of a lone query: the products of bytes are one large one, see {@link ONE_TILE}, and what follows them is told in
 * few operators, for each costs some microseconds, and each of all the vocabulary some ten.
 */
export function loneMaxima(
  graph: GraphBuilder,
  input: DecoderInput,
  screen: WholeNumberScreen,
  inHalves: InHalves,
): Required<Pooled> {
  const states = normalisedStates(graph, input);
  const isExcluded = excludedEntries(graph, input.norm, screen, inHalves(states));
  const { ids, logits, bias } = logitsOf(graph, input, states, idsLeft(graph, isExcluded, input.bias.length));
  return { ids, values: graph.node('Add', [graph.maximum(logits, 1), bias]) };
}

/**
 * Which entries a screen excludes for states in halves: bool [vocabulary]. The bound of a {@link WholeNumberScreen}, divided by an entry's scale, is
 *
 *     step (<b, table[v]> + perStep[v] / scales[v]) + (constants[v] + |h| perNorm[v]) / scales[v]
 *
 * where the last part is a constant for the longest state that a LayerNorm gives, |h| <= sqrt(hidden) max |weight| + |bias|. Should rounding make
 * a longer one (the variance of large numbers is their difference), the step is no number, and nothing is excluded.
 *
 * The whole numbers are those of ONNX's DynamicQuantizeLinear, 255 steps from the smallest to the largest: `b` is up to 255, and off by a half, the roundings
 * of the quotient (255 units) and those of the range and the zero point (510), which is within the 1024 that `wholeNumberScreen` allows. The product is exact
 * as float32; what is rounded is its sum with the next part and that sum times the step, a part of up to 256 |table[v]|_1: 512 units of the 1016 allowed there.
 */
export function excludedEntries(
  graph: GraphBuilder,
  norm: DecoderInput['norm'],
  screen: WholeNumberScreen,
  states: Value,
): Value {
  const { table, scales, constants, perNorm, perStep } = screen;
  const longest = SLACK * (Math.sqrt(norm.weight.length) * largestOf(norm.weight) + Math.hypot(...norm.bias));
  const [rows, width, zero] = graph.nodes('DynamicQuantizeLinear', [states], 3) as [Value, Value, Value];
  const isUsual = graph.node('LessOrEqual', [largestNorm(graph, states), graph.scalar(longest)]);
  const step = graph.node('Where', [isUsual, width, graph.scalar(Number.NaN)]);
  const products = graph.node('Cast', [largestOfHalves(graph, { rows, zero }, table, ONE_TILE)], {
    to: DataType.float32,
  });
  const perEntry = (name: string, value: (entry: number) => number) =>
    graph.floats(
      name,
      [scales.length],
      Float32Array.from(scales, (_, entry) => value(entry)),
    );
  const off = perEntry('screen.off', (v) => roundedUp(perStep[v]! / scales[v]!));
  const needed = perEntry('screen.needed', (v) => -roundedUp((constants[v]! + longest * perNorm[v]!) / scales[v]!));
  return graph.node('LessOrEqual', [graph.node('Mul', [graph.node('Add', [products, off]), step]), needed]);
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
