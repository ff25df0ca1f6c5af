import type { CheckpointTensors } from '../../checkpoint-tensors.js';
import type { GraphBuilder } from '../../onnx/graph-builder.js';
import type { DecoderInput, TokenInputs } from '../graph-parts.js';
import type { ModernBertNetwork } from './modernbert.js';
import { modernBertGraph } from './modernbert-graph.js';
import { postNormGraph } from './post-norm-graph.js';
import type { PostNormNetwork } from './post-norm-network.js';

/** A network whose graph is written from its configuration and weights. */
export type WrittenNetwork = PostNormNetwork | ModernBertNetwork;

/** The graph of a network from token ids to what its decoder takes. @throws {ModelFileBroken} for tensors that do not fit. */
export function networkGraph(
  graph: GraphBuilder,
  network: WrittenNetwork,
  tensors: CheckpointTensors,
  inputs: TokenInputs,
): DecoderInput {
  return network.kind === 'modernbert'
    ? modernBertGraph(graph, network, tensors, inputs)
    : postNormGraph(graph, network, tensors, inputs);
}

/** The longest text that a network has positions for, in tokens. */
export function usablePositions(network: WrittenNetwork): number {
  if (network.kind === 'modernbert') return network.positions;
  const { positions, padding } = network.shape;
  return padding === undefined ? positions : positions - padding - 1;
}
