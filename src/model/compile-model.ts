import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CompiledModel, type CompiledOptions, compiledFile } from './compiled-file.js';
import { exists } from './exists.js';
import type { Screen, WholeNumberScreen } from './graph/decoder/screen.js';
import { bytesOf, mustBeLoadable } from './loadable-size.js';
import type { Progress } from './progress.js';
import type { ModelFolder } from './resolve-model.js';
import type { MakeScreen } from './screen/screen-request.js';
import { mayBeScreened, writeGraph, writeLoneQueryGraph, writePositionsGraph } from './write-graph.js';

export interface CompileOptions extends CompiledOptions {
  /** What makes the screen of the decoder: it runs a graph, which this room cannot. Without, the whole decoder is multiplied. */
  readonly makeScreen?: MakeScreen;
  /** Compile even if the compiled file is there; graphs beside it are then made once more, too, when they are asked for. */
  readonly anew?: boolean;
  readonly onProgress?: Progress;
}

/**
 * Compiles a model's folder (see `readCheckpoint`) to an ONNX graph that takes token ids and gives sparse vectors. The file is
 * named by everything that it depends on (weights, configuration, pooling, precision, compiler version), so a change of any makes a new one,
 * and it appears whole or not at all.
 * @throws the signal's reason when it is aborted.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function compileModel(
  model: ModelFolder,
  { makeScreen, ...options }: CompileOptions,
): Promise<CompiledModel> {
  const usual = await compiledFile(model, options);
  const compiled = makeScreen ? usual : withoutScreen(usual);
  if (options.anew || !(await exists(compiled.file))) {
    const head = compiled.poolingStated ? '' : ` (no file of it names its head: taking ${compiled.pooling})`;
    options.onProgress?.({ what: `compiling ${model.id}${head}`, done: 0 });
    if (options.anew) for (const graph of LATER_GRAPHS) await rm(fileBeside(compiled, graph), { force: true });
    let screen: Screen | undefined;
    const pieces = await writeGraph(compiled.checkpoint, compiled.head, metadataOf(compiled), {
      precision: compiled.precision,
      makeScreen:
        makeScreen &&
        (async (request) => {
          screen = await makeScreen(request, options.signal);
          return screen;
        }),
    });
    mustBeLoadable(compiled, pieces);
    const mayAskAlone = compiled.queryTable === undefined && bytesOf(pieces) <= READ_TWICE_UP_TO;
    // While the screen is at hand, and first: where this ends in between, all is made once more.
    if (mayAskAlone && screen?.kind === 'whole-numbers') await writeLoneQueries(compiled, screen);
    await writeWhole(compiled.file, pieces);
  }
  return compiled;
}

/**
 * Compiles the second graph of a model, which says which position of a text called a term. Made when it is first asked for.
 * @returns the file, beside the model's own.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function compilePositions(compiled: CompiledModel): Promise<string> {
  const file = fileBeside(compiled, 'positions');
  if (!(await exists(file))) {
    const pieces = await writePositionsGraph(compiled.checkpoint, metadataOf(compiled));
    mustBeLoadable({ ...compiled, precision: 'float32' }, pieces, 'Do without the words behind terms for this model');
    await writeWhole(file, pieces);
  }
  return file;
}

/** Up to here, in bytes of the compiled file, a model is read into memory a second time for lone queries. */
const READ_TWICE_UP_TO = 128 * 2 ** 20;

/**
 * Compiles the graph of a model for lone queries, see {@link writeLoneQueryGraph}.
 * @returns the file, beside the model's own; none for a model that is an export, or so large that it should be in memory once.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function compileLoneQueries(compiled: CompiledModel): Promise<string | undefined> {
  if ((await stat(compiled.file)).size > READ_TWICE_UP_TO) return undefined;
  const file = fileBeside(compiled, 'lone-queries');
  return (await exists(file)) ? file : writeLoneQueries(compiled);
}

async function writeLoneQueries(compiled: CompiledModel, screen?: WholeNumberScreen): Promise<string | undefined> {
  const { checkpoint, head, precision } = compiled;
  const { network } = checkpoint;
  if (network.kind === 'onnx') return undefined;
  const file = fileBeside(compiled, 'lone-queries');
  const pieces = await writeLoneQueryGraph(checkpoint, network, head, metadataOf(compiled), { precision, screen });
  await writeWhole(file, pieces);
  return file;
}

/** Where a screen would be, the graph without is another file; else they are the same. */
function withoutScreen(usual: CompiledModel): CompiledModel {
  return mayBeScreened(usual.checkpoint) ? { ...usual, file: fileBeside(usual, 'dense') } : usual;
}

/** Graphs of a model beside its own; those that were not made with it are made when they are first asked for. */
const LATER_GRAPHS = ['positions', 'lone-queries'] as const;

/** The file of another graph of a model. */
function fileBeside({ file }: CompiledModel, graph: 'dense' | (typeof LATER_GRAPHS)[number]): string {
  return file.replace(/(\.dense)?\.onnx$/, `.${graph}.onnx`);
}

function metadataOf(model: CompiledModel): Readonly<Record<string, string>> {
  const { id, weights, configuration, pooling, precision, compiler } = model;
  return { id, weights, configuration, pooling, precision, compiler: `${compiler}` };
}

async function writeWhole(file: string, pieces: readonly Uint8Array[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.${randomUUID()}.part`;
  try {
    await using handle = await open(part, 'wx');
    for (const piece of pieces) await handle.writeFile(piece);
    await handle.sync();
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}
