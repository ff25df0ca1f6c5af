import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import { float32Weights } from '../weights/float32-weights.js';
import { largestNorm } from './largest-norm.js';
import { GROUP_WIDTH, type LowRankScreen } from './screen.js';
import { maximaOfTiles } from './tiled-decoder.js';

/** The bounds of a low-rank screen for the logits of any state, [texts, length, hidden]: float32 [vocabulary]. */
export function lowRankBounds(graph: GraphBuilder, screen: LowRankScreen, states: Value): Value {
  const products = maximaOfTiles(graph, 'screen', featuresOf(graph, screen, states), screen.table, {
    form: float32Weights,
  });
  const largest = graph.maximum(products, 0);
  return graph.node('Add', [
    graph.node('Add', [largest, graph.floats('screen.constants', [screen.constants.length], screen.constants)]),
    graph.node('Mul', [
      largestNorm(graph, states),
      graph.floats('screen.per_norm', [screen.perNorm.length], screen.perNorm),
    ]),
  ]);
}

/** `f(x)` of {@link LowRankScreen}: [texts, length, hidden] -> [texts, length, rank + groups]. */
function featuresOf(graph: GraphBuilder, { rank, transform, shift }: LowRankScreen, states: Value): Value {
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
