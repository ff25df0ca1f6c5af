import { readFile } from 'node:fs/promises';
import { messageOf } from '../fault/fault.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointTensors } from './checkpoint-tensors.js';
import { adoptExport, appendPooling } from './graph/append-pooling.js';
import { type BertConfig, bertGraph } from './graph/bert-graph.js';
import type { TokenInputs } from './graph/graph-parts.js';
import { normalisedStates } from './graph/normalised-states.js';
import { sparseOutput } from './graph/sparse-output.js';
import { tiledMaxima } from './graph/tiled-decoder.js';
import { winningPositions } from './graph/winning-positions.js';
import { ModelFileBroken } from './model-faults.js';
import { DataType, GraphBuilder } from './onnx/graph-builder.js';
import { type OnnxModel, readOnnxModel } from './onnx/model-reader.js';
import { readSafetensors } from './safetensors.js';

/** The pieces of an ONNX file. */
export type GraphPieces = readonly Uint8Array[];

/**
 * The graph of a checkpoint, from `token_ids` and `token_mask` (int32 [texts, length]) to sparse vectors; `properties` go into its
 * metadata.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function writeGraph(
  checkpoint: Checkpoint,
  properties: Readonly<Record<string, string>>,
): Promise<GraphPieces> {
  return written(
    checkpoint.network.kind === 'bert'
      ? await fromWeights(checkpoint, checkpoint.network.config)
      : await fromExport(checkpoint),
    properties,
  );
}

/**
 * The graph of a checkpoint that says which position of a text called a vocabulary entry: see {@link winningPositions}. One text at a time.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function writePositionsGraph(
  checkpoint: Checkpoint,
  properties: Readonly<Record<string, string>>,
): Promise<GraphPieces> {
  const graph =
    checkpoint.network.kind === 'bert'
      ? await positionsFromWeights(checkpoint, checkpoint.network.config)
      : await positionsFromExport(checkpoint);
  return written(graph, properties);
}

function written(graph: GraphBuilder, properties: Readonly<Record<string, string>>): GraphPieces {
  return graph.model(Object.fromEntries(Object.entries(properties).map(([key, value]) => [`termweave.${key}`, value])));
}

async function fromWeights({ weightsFile }: Checkpoint, config: BertConfig): Promise<GraphBuilder> {
  const graph = new GraphBuilder();
  const inputs = declareInputs(graph);
  const decoder = bertGraph(graph, config, await tensorsOf(weightsFile), inputs);
  const bias = graph.floats('decoder.bias', [decoder.bias.length], decoder.bias);
  sparseOutput(graph, graph.node('Add', [tiledMaxima(graph, decoder, inputs.mask), bias]));
  return graph;
}

async function positionsFromWeights({ weightsFile }: Checkpoint, config: BertConfig): Promise<GraphBuilder> {
  const graph = new GraphBuilder();
  const input = bertGraph(graph, config, await tensorsOf(weightsFile), declareInputs(graph));
  const states = normalisedStates(graph, input);
  const decoder = graph.floats('decoder', input.decoder.shape, input.decoder.data);
  winningPositions(graph, (ids) => {
    const rows = graph.node('Gather', [decoder, ids], { axis: 0 });
    return graph.node('MatMul', [states, graph.node('Transpose', [rows], { perm: [1, 0] })]);
  });
  return graph;
}

async function tensorsOf(file: string): Promise<CheckpointTensors> {
  return new CheckpointTensors(file, await readSafetensors(file));
}

async function fromExport({ weightsFile, vocabularySize }: Checkpoint): Promise<GraphBuilder> {
  const adopted = adoptExport(weightsFile, await readExport(weightsFile), vocabularySize, declareInputs);
  sparseOutput(adopted.graph, appendPooling(adopted));
  return adopted.graph;
}

async function positionsFromExport({ weightsFile, vocabularySize }: Checkpoint): Promise<GraphBuilder> {
  const { graph, logits } = adoptExport(weightsFile, await readExport(weightsFile), vocabularySize, declareInputs);
  winningPositions(graph, (ids) => graph.node('Gather', [logits, ids], { axis: 2 }));
  return graph;
}

async function readExport(file: string): Promise<OnnxModel> {
  const bytes = await readFile(file);
  try {
    return readOnnxModel(bytes);
  } catch (thrown) {
    throw new ModelFileBroken(file, `no ONNX model: ${messageOf(thrown)}`);
  }
}

function declareInputs(graph: GraphBuilder): TokenInputs {
  const shape = ['texts', 'length'];
  return {
    ids: graph.input('token_ids', DataType.int32, shape),
    mask: graph.input('token_mask', DataType.int32, shape),
  };
}
