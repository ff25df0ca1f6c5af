import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readCheckpoint } from './checkpoint.js';
import type { CompiledModel } from './compiled-file.js';
import type { Screen, WholeNumberScreen } from './graph/decoder/screen.js';
import type { WrittenNetwork } from './graph/networks/network-graph.js';
import { fileOfGraph, type GraphName, isReadTwice } from './graph-files.js';
import { bytesOf, mustBeLoadable } from './loadable-size.js';
import type { GraphPieces } from './onnx/graph-builder.js';
import type { MakeScreen } from './screen/screen-request.js';
import { writeGraph, writeLoneQueryGraph, writePositionsGraph } from './write-graph.js';

/** A graph to be compiled, as one thread can tell another: without the checkpoint, which is read anew, for a network has functions. */
export interface CompileTask {
  readonly model: Omit<CompiledModel, 'checkpoint'>;
  readonly graph: GraphName;
  /** Whether a screen is tried for the decoder of the model's own graph. */
  readonly screened: boolean;
  /** An empty folder, where the graph's file is written under the name that it has in its place. */
  readonly into: string;
}

/**
 * Compiles a graph of a model and, while the screen is at hand, that for lone queries with its own. It reads all weights and holds its
 * thread for seconds.
 * @param makeScreen what makes a screen: it runs a graph, which this room cannot.
 * @returns names of the files, in the order in which they may appear: where the model's own is, nothing is made any more.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function writeCompiled(task: CompileTask, makeScreen: MakeScreen): Promise<readonly string[]> {
  const { id, folder } = task.model;
  const model = { ...task.model, checkpoint: await readCheckpoint(id, folder) };
  if (task.graph === 'own') return writeOwn(model, task, makeScreen);
  return [task.graph === 'positions' ? await writePositions(model, task.into) : await writeLone(model, task.into)];
}

async function writeOwn(model: CompiledModel, { screened, into }: CompileTask, makeScreen: MakeScreen) {
  let screen: Screen | undefined;
  const keepScreen: MakeScreen = async (request) => {
    screen = await makeScreen(request);
    return screen;
  };
  const { checkpoint, head, precision, queryTable } = model;
  const options = { precision, makeScreen: screened ? keepScreen : undefined };
  const pieces = await writeGraph(checkpoint, head, metadataOf(model), options);
  mustBeLoadable(model, pieces);
  const mayAskAlone = queryTable === undefined && isReadTwice(bytesOf(pieces), precision);
  const own = await writePieces(pieces, fileOfGraph(model, 'own'), into);
  if (!mayAskAlone || screen?.kind !== 'whole-numbers') return [own];
  return [await writeLone(model, into, screen), own];
}

async function writePositions(model: CompiledModel, into: string): Promise<string> {
  const pieces = await writePositionsGraph(model.checkpoint, metadataOf(model));
  mustBeLoadable({ ...model, precision: 'float32' }, pieces, 'Do without the words behind terms for this model');
  return writePieces(pieces, fileOfGraph(model, 'positions'), into);
}

async function writeLone(model: CompiledModel, into: string, screen?: WholeNumberScreen): Promise<string> {
  const { checkpoint, head, precision } = model;
  // A model that is an export has no such graph, and is not asked for it.
  const network = checkpoint.network as WrittenNetwork;
  const pieces = await writeLoneQueryGraph(checkpoint, network, head, metadataOf(model), { precision, screen });
  return writePieces(pieces, fileOfGraph(model, 'lone-queries'), into);
}

function metadataOf(model: CompiledModel): Readonly<Record<string, string>> {
  const { id, weights, configuration, pooling, precision, compiler } = model;
  return { id, weights, configuration, pooling, precision, compiler: `${compiler}` };
}

/** @returns the name of the file. */
async function writePieces(pieces: GraphPieces, file: string, into: string): Promise<string> {
  const name = basename(file);
  await using handle = await open(join(into, name), 'wx');
  for (const piece of pieces) await handle.writeFile(piece);
  await handle.sync();
  return name;
}
