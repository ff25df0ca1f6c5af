import { readFile } from 'node:fs/promises';
import { messageOf } from '../fault/fault.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointTensors } from './checkpoint-tensors.js';
import { appendPooling } from './graph/append-pooling.js';
import { type BertConfig, bertGraph } from './graph/bert-graph.js';
import type { TokenInputs } from './graph/graph-parts.js';
import { sparseOutput } from './graph/sparse-output.js';
import { tiledMaxima } from './graph/tiled-decoder.js';
import { ModelFileBroken } from './model-faults.js';
import { DataType, GraphBuilder } from './onnx/graph-builder.js';
import { type OnnxModel, readOnnxModel } from './onnx/model-reader.js';
import { readSafetensors } from './safetensors.js';

/**
 * The graph of a checkpoint, from `token_ids` and `token_mask` (int32 [texts, length]) to sparse vectors, as the pieces of an
 * ONNX file; `properties` go into its metadata.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function writeGraph(
  { network, weightsFile, vocabularySize }: Checkpoint,
  properties: Readonly<Record<string, string>>,
): Promise<readonly Uint8Array[]> {
  const graph =
    network.kind === 'bert'
      ? await fromWeights(network.config, weightsFile)
      : await fromExport(weightsFile, vocabularySize);
  return graph.model(Object.fromEntries(Object.entries(properties).map(([key, value]) => [`termweave.${key}`, value])));
}

async function fromWeights(config: BertConfig, file: string): Promise<GraphBuilder> {
  const tensors = new CheckpointTensors(file, await readSafetensors(file));
  const graph = new GraphBuilder();
  const inputs = declareInputs(graph);
  const decoder = bertGraph(graph, config, tensors, inputs);
  const bias = graph.floats('decoder.bias', [decoder.bias.length], decoder.bias);
  sparseOutput(graph, graph.node('Add', [tiledMaxima(graph, decoder, inputs.mask), bias]));
  return graph;
}

async function fromExport(file: string, vocabularySize: number): Promise<GraphBuilder> {
  const { graph, maxima } = appendPooling(file, await readExport(file), vocabularySize, declareInputs);
  sparseOutput(graph, maxima);
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
