import type { ModernBertNetwork } from './graph/networks/modernbert.js';
import type { WrittenNetwork } from './graph/networks/network-graph.js';
import type { PostNormShape } from './graph/networks/post-norm-network.js';

/** What matrix products of a network are as large as. */
export interface ProductWidths {
  readonly hidden: number;
  readonly inner: number;
}

/** The widths of a network's feed-forward products. */
export function productWidths(network: WrittenNetwork): ProductWidths {
  const { hidden, inner } = sizesOf(network);
  return { hidden, inner };
}

/**
 * Floating-point operations, additions and multiplications, of the matrix products that a text of `length` tokens takes in a
 * masked-language model as published, without padding and with the whole decoder: two for each weight and token, and for attention,
 * layer by layer, two products of `length` x `length` x hidden. (As in J. Kaplan and others, Scaling laws for neural language models,
 * 2020, table 1, with the decoder; attention of both directions.) Normalisation, softmax and activations are not counted: under a
 * hundredth in all common models.
 */
export function operationsOfText(network: WrittenNetwork, length: number): number {
  const { hidden, inner, layers, vocabulary, innerMatrices } = sizesOf(network);
  const weights = layers * (4 * hidden ** 2 + innerMatrices * hidden * inner) + hidden ** 2 + vocabulary * hidden;
  return 2 * length * weights + layers * 4 * length ** 2 * hidden;
}

interface Sizes extends ProductWidths {
  readonly layers: number;
  readonly vocabulary: number;
  /** Matrices of hidden x inner in a layer. */
  readonly innerMatrices: number;
}

function sizesOf(network: WrittenNetwork): Sizes {
  return network.kind === 'modernbert' ? modernBertSizes(network) : postNormSizes(network.shape);
}

/** The feed-forward part is gated: it widens twice. Attention within a window is computed over all of the text, and masked. */
function modernBertSizes({ hidden, inner, isGlobal, vocabulary }: ModernBertNetwork): Sizes {
  return { hidden, inner, layers: isGlobal.length, vocabulary, innerMatrices: 3 };
}

function postNormSizes({ hidden, inner, layers, vocabulary }: PostNormShape): Sizes {
  return { hidden, inner, layers, vocabulary, innerMatrices: 2 };
}
