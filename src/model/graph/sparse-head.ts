import type { GraphBuilder, Value } from '../onnx/graph-builder.js';

/**
 * How logits become a weight: `activation = log1p(...(relu(logit)))`, `logarithms` times, then the maximum or the sum over the
 * text's positions. SPLADE v1 (arXiv 2107.05720) sums; v2, v3 and ++ (2109.10086) take the maximum; OpenSearch's doc-v3 (2504.14839)
 * takes the logarithm twice.
 */
export interface SparseHead {
  readonly pooling: 'max' | 'sum';
  readonly logarithms: 1 | 2;
}

/** The head's name in an identity, as in `max log1p relu`: applied from right to left. */
export function nameOfHead({ pooling, logarithms }: SparseHead): string {
  return [pooling, ...Array.from({ length: logarithms }, () => 'log1p'), 'relu'].join(' ');
}

/** log(1 + x), `times` times over. */
export function log1p(graph: GraphBuilder, value: Value, times: number): Value {
  let result = value;
  for (let i = 0; i < times; i++) result = graph.node('Log', [graph.node('Add', [result, graph.scalar(1)])]);
  return result;
}
