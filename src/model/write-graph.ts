import { readFile } from 'node:fs/promises';
import { messageOf } from '../fault/fault.js';
import { productWidths } from './arithmetic.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointTensors } from './checkpoint-tensors.js';
import { adoptExport, appendPooling } from './graph/append-pooling.js';
import { halvesAt, paddedHalves } from './graph/decoder/halves.js';
import { loneMaxima } from './graph/decoder/lone-decoder.js';
import { normalisedStates } from './graph/decoder/normalised-states.js';
import type { Pooled } from './graph/decoder/pooled-logits.js';
import type { Screen, WholeNumberScreen } from './graph/decoder/screen.js';
import { screenedMaxima, screenedSums } from './graph/decoder/screened-decoder.js';
import { ONE_TILE, tiledMaxima, tiledSums } from './graph/decoder/tiled-decoder.js';
import { type DecoderInput, LONE_INPUTS, type PaddedInputs } from './graph/graph-parts.js';
import { networkGraph, type WrittenNetwork } from './graph/networks/network-graph.js';
import type { SparseHead } from './graph/sparse-head.js';
import { sparseMaxima, sparseWeights, unsiftedMaxima } from './graph/sparse-output.js';
import { summed } from './graph/sum-pooling.js';
import { winningPositions } from './graph/winning-positions.js';
import { ModelFileBroken, ModelUnsupported } from './model-faults.js';
import type { Precision } from './model-identity.js';
import { DataType, GraphBuilder, type GraphPieces, type Value } from './onnx/graph-builder.js';
import { type OnnxModel, readOnnxModel } from './onnx/model-reader.js';
import { readSafetensors } from './safetensors.js';
import { isScreenable } from './screen/make-screen.js';
import type { MakeScreen } from './screen/screen-request.js';

export interface WriteGraphOptions {
  /** Default `float32`. */
  readonly precision?: Precision;
  /** What makes the screen of its decoder; without, and where none pays, the whole decoder is multiplied. */
  readonly makeScreen?: MakeScreen;
}

/**
 * The graph of a checkpoint, from `token_ids` and `token_mask` (int32 [texts, length], an even length) to sparse vectors; `properties` go
 * into its metadata.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function writeGraph(
  checkpoint: Checkpoint,
  head: SparseHead,
  properties: Readonly<Record<string, string>>,
  { precision = 'float32', makeScreen }: WriteGraphOptions = {},
): Promise<GraphPieces> {
  return written(
    checkpoint.network.kind === 'onnx'
      ? await fromExport(checkpoint, head, precision)
      : await fromWeights(checkpoint, checkpoint.network, head, { precision, makeScreen }),
    properties,
  );
}

/** Whether a screen is tried for the decoder of a checkpoint; made it is where it pays. */
export function mayBeScreened({ network, vocabularySize }: Checkpoint): boolean {
  if (network.kind === 'onnx') return false;
  return isScreenable([vocabularySize, productWidths(network).hidden]);
}

/**
 * The same graph for a lone query, from its `token_ids`, int32 [1, length], and `halves`, int32 [2, half]: their places, each once at least. Its decoder is
 * one large product, where the tiles of {@link writeGraph} suit long texts. With a screen of whole numbers that product is of bytes, and some of the weights
 * that come out are not above 0, and mean nothing.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function writeLoneQueryGraph(
  { weightsFiles }: Checkpoint,
  network: WrittenNetwork,
  head: SparseHead,
  properties: Readonly<Record<string, string>>,
  { precision, screen }: { readonly precision: Precision; readonly screen?: WholeNumberScreen },
): Promise<GraphPieces> {
  const graph = new GraphBuilder();
  const ids = graph.input(LONE_INPUTS.ids, DataType.int32, [1, 'length']);
  const inHalves = halvesAt(graph, graph.input(LONE_INPUTS.halves, DataType.int32, [2, 'half']));
  const decoder = networkGraph(graph, network, await tensorsOf(weightsFiles, precision), { ids });
  if (head.pooling === 'sum') sparseWeights(graph, tiledSums(graph, head, inRows(decoder), undefined, ONE_TILE));
  else if (screen) unsiftedMaxima(graph, head, loneMaxima(graph, decoder, screen, inHalves));
  else sparseMaxima(graph, head, tiledMaxima(graph, inRows(decoder), inHalves, ONE_TILE));
  return written(graph, properties);
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
    checkpoint.network.kind === 'onnx'
      ? await positionsFromExport(checkpoint)
      : await positionsFromWeights(checkpoint, checkpoint.network);
  return written(graph, properties);
}

function written(graph: GraphBuilder, properties: Readonly<Record<string, string>>): GraphPieces {
  return graph.model(Object.fromEntries(Object.entries(properties).map(([key, value]) => [`termweave.${key}`, value])));
}

async function fromWeights(
  { weightsFiles, positions }: Checkpoint,
  network: WrittenNetwork,
  head: SparseHead,
  { precision, makeScreen }: WriteGraphOptions & { readonly precision: Precision },
): Promise<GraphBuilder> {
  const tensors = await tensorsOf(weightsFiles, precision);
  const screen = makeScreen ? await screenOf(network, tensors, positions, makeScreen) : undefined;
  const graph = new GraphBuilder();
  const { mask, ...inputs } = declareInputs(graph);
  const decoder = networkGraph(graph, network, tensors, { mask, ...inputs });
  if (head.pooling === 'max') sparseMaxima(graph, head, maxima(graph, decoder, mask, screen));
  else sparseWeights(graph, sums(graph, head, decoder, mask, screen));
  return graph;
}

function maxima(graph: GraphBuilder, decoder: DecoderInput, mask: Value, screen: Screen | undefined): Pooled {
  if (screen) return screenedMaxima(graph, decoder, screen, mask);
  return tiledMaxima(graph, inRows(decoder), paddedHalves(graph, mask));
}

function sums(graph: GraphBuilder, head: SparseHead, decoder: DecoderInput, mask: Value, screen: Screen | undefined) {
  return screen ? screenedSums(graph, head, decoder, screen, mask) : tiledSums(graph, head, inRows(decoder), mask);
}

/**
 * A decoder that may be screened, as it is behind a screen: rows of 8 bits, multiplied in float32. Whether there is a screen is decided by what is quicker on the machine
 * that compiles, and must change no vector; nor must which of a model's graphs a query goes through.
 */
function inRows(input: DecoderInput): DecoderInput {
  const { decoder, form } = input;
  return isScreenable(decoder.shape as [number, number]) ? { ...input, form: form.ofRows } : input;
}

/** A screen for the decoder of a network, by the states that the network has on tokens of all kinds. */
async function screenOf(
  network: WrittenNetwork,
  tensors: CheckpointTensors,
  positions: number,
  makeScreen: MakeScreen,
): Promise<Screen | undefined> {
  const graph = new GraphBuilder();
  const input = networkGraph(graph, network, tensors, declareInputs(graph));
  const { decoder, form, bias } = input;
  if (!isScreenable(decoder.shape as [number, number])) return undefined;
  const hidden = decoder.shape[1]!;
  graph.output('states', normalisedStates(graph, input), DataType.float32, ['texts', 'length', hidden]);
  return makeScreen({ graph: graph.model({}), positions, decoder: form.rowsOf(decoder), bias });
}

async function positionsFromWeights({ weightsFiles }: Checkpoint, network: WrittenNetwork): Promise<GraphBuilder> {
  const graph = new GraphBuilder();
  const input = networkGraph(graph, network, await tensorsOf(weightsFiles, 'float32'), declareInputs(graph));
  const states = normalisedStates(graph, input);
  const decoder = graph.floats('decoder', input.decoder.shape, input.decoder.data);
  winningPositions(graph, (ids) => {
    const rows = graph.node('Gather', [decoder, ids], { axis: 0 });
    return graph.node('MatMul', [states, graph.node('Transpose', [rows], { perm: [1, 0] })]);
  });
  return graph;
}

async function tensorsOf(files: readonly string[], precision: Precision): Promise<CheckpointTensors> {
  const shards = [];
  for (const file of files) shards.push(...(await readSafetensors(file)));
  return new CheckpointTensors(files[0]!, new Map(shards), precision);
}

async function fromExport(
  { id, weightsFiles: [file], vocabularySize }: Checkpoint,
  head: SparseHead,
  precision: Precision,
) {
  if (precision !== 'float32') {
    const remedy = 'Use it as it is (--precision float32), or its checkpoint as safetensors';
    throw new ModelUnsupported(id, `an exported graph, which keeps its own precision, and not ${precision}`, remedy);
  }
  const adopted = adoptExport(file!, await readExport(file!), vocabularySize, declareInputs);
  const { graph, logits, inputs } = adopted;
  if (head.pooling === 'max') sparseMaxima(graph, head, { values: appendPooling(adopted) });
  else sparseWeights(graph, { values: summed(graph, head, logits, inputs.mask) });
  return graph;
}

async function positionsFromExport({ weightsFiles: [file], vocabularySize }: Checkpoint): Promise<GraphBuilder> {
  const { graph, logits } = adoptExport(file!, await readExport(file!), vocabularySize, declareInputs);
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

function declareInputs(graph: GraphBuilder): PaddedInputs {
  const shape = ['texts', 'length'];
  return {
    ids: graph.input('token_ids', DataType.int32, shape),
    mask: graph.input('token_mask', DataType.int32, shape),
  };
}
