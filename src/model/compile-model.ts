import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CompiledModel, type CompiledOptions, compiledFile } from './compiled-file.js';
import { exists } from './exists.js';
import { fileOfGraph, type GraphName, isReadTwice, LATER_GRAPHS } from './graph-files.js';
import type { Progress } from './progress.js';
import type { ModelFolder } from './resolve-model.js';
import type { CompileTask } from './write-compiled.js';
import { mayBeScreened } from './write-graph.js';

/**
 * What does a task, see `writeCompiled`: seconds of arithmetic, so on another thread than the caller's.
 * @returns names of the files that it wrote, in the order in which they may appear.
 * @throws the signal's reason when it is aborted; nothing is written any more then.
 */
export type Compile = (task: CompileTask, signal?: AbortSignal) => Promise<readonly string[]>;

export interface CompileOptions extends CompiledOptions {
  /** Whether the decoder is screened, where that pays. Otherwise the whole decoder is multiplied. */
  readonly screened: boolean;
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
  compile: Compile,
  { screened, ...options }: CompileOptions,
): Promise<CompiledModel> {
  const usual = await compiledFile(model, options);
  const compiled = screened ? usual : withoutScreen(usual);
  if (options.anew || !(await exists(compiled.file))) {
    const head = compiled.poolingStated ? '' : ` (no file of it names its head: taking ${compiled.pooling})`;
    options.onProgress?.({ what: `compiling ${model.id}${head}`, done: 0 });
    const stale = options.anew ? LATER_GRAPHS.map((graph) => fileOfGraph(compiled, graph)) : [];
    await compileGraph(compiled, 'own', compile, { screened, stale, signal: options.signal });
  }
  return compiled;
}

/**
 * Compiles the second graph of a model, which says which position of a text called a term. Made when it is first asked for.
 * @returns the file, beside the model's own.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function compilePositions(compiled: CompiledModel, compile: Compile): Promise<string> {
  const file = fileOfGraph(compiled, 'positions');
  if (!(await exists(file))) await compileGraph(compiled, 'positions', compile);
  return file;
}

/**
 * Compiles the graph of a model for lone queries, see `writeLoneQueryGraph`.
 * @returns the file, beside the model's own; none for a model that is an export, or so large that it should be in memory once.
 * @throws the signal's reason when it is aborted.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function compileLoneQueries(
  compiled: CompiledModel,
  compile: Compile,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (compiled.checkpoint.network.kind === 'onnx' || !(await mayBeReadTwice(compiled))) return undefined;
  const file = fileOfGraph(compiled, 'lone-queries');
  if (!(await exists(file))) await compileGraph(compiled, 'lone-queries', compile, { signal });
  return file;
}

/** Whether a model that is compiled may be in memory more than once, see {@link isReadTwice}. */
export async function mayBeReadTwice({ file, precision }: CompiledModel): Promise<boolean> {
  return isReadTwice((await stat(file)).size, precision);
}

interface CompileGraphOptions {
  readonly screened?: boolean;
  /** Files that are removed once there are new ones. */
  readonly stale?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Has a graph written to a folder of its own, from which its files move to their place: each is there whole or not at all. */
async function compileGraph(
  { checkpoint, ...model }: CompiledModel,
  graph: GraphName,
  compile: Compile,
  { screened = false, stale = [], signal }: CompileGraphOptions = {},
): Promise<void> {
  const into = `${fileOfGraph(model, graph)}.${randomUUID()}.part`;
  await mkdir(into, { recursive: true });
  try {
    const names = await compile({ model, graph, screened, into }, signal);
    for (const file of stale) await rm(file, { force: true });
    for (const name of names) await rename(join(into, name), join(dirname(model.file), name));
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

/** Where a screen would be, the graph without is another file; else they are the same. */
function withoutScreen(usual: CompiledModel): CompiledModel {
  return mayBeScreened(usual.checkpoint) ? { ...usual, file: fileOfGraph(usual, 'dense') } : usual;
}
