import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCheckpoint } from './checkpoint.js';
import { configurationOf } from './configuration-of.js';
import { exists } from './exists.js';
import { nameOfHead, type SparseHead } from './graph/sparse-head.js';
import { sha256OfFiles } from './hash-file.js';
import { defaultHome } from './model-folder.js';
import { COMPILER_VERSION, type Precision } from './model-identity.js';
import type { Progress } from './progress.js';
import { readLayout } from './read-layout.js';
import { queryTableFile } from './read-query-table.js';
import type { ModelFolder } from './resolve-model.js';
import type { MakeScreen } from './screen/screen-request.js';
import { mayBeScreened, writeGraph, writeLoneQueryGraph, writePositionsGraph } from './write-graph.js';

/** A model ready to run: an ONNX file and what is in it. */
export interface CompiledModel {
  readonly id: string;
  readonly file: string;
  /** SHA-256 of the weights it was compiled from; of several files (shards, a table for queries), that of their hashes. */
  readonly weights: string;
  /** See {@link configurationOf}. */
  readonly configuration: string;
  readonly pooling: string;
  readonly head: SparseHead;
  /** Whether the model's own files, or the registry, say that this is its pooling. */
  readonly poolingStated: boolean;
  readonly precision: Precision;
  readonly compiler: number;
  /** The longest text that the model has positions for, in tokens. */
  readonly positions: number;
  readonly vocabularySize: number;
  /** The folder of the network's own files, the tokenizer among them. */
  readonly folder: string;
  /** The folder of a table of token weights, where queries take no inference. */
  readonly queryTable?: string;
}

/** Where compiled models are. */
export interface CompiledOptions {
  /** Where compiled models are kept. Default `~/.cache/termweave`. */
  readonly home?: string;
  /** Default `float32`: the weights as the checkpoint has them. */
  readonly precision?: Precision;
  readonly signal?: AbortSignal;
}

export interface CompileOptions extends CompiledOptions {
  /** What makes the screen of the decoder: it runs a graph, which this room cannot. Without, the whole decoder is multiplied. */
  readonly makeScreen?: MakeScreen;
  /** Compile even if the compiled file is there. */
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
  const compiled = makeScreen ? usual : await withoutScreen(model, usual);
  if (options.anew || !(await exists(compiled.file))) {
    const head = compiled.poolingStated ? '' : ` (no file of it names its head: taking ${compiled.pooling})`;
    options.onProgress?.({ what: `compiling ${model.id}${head}`, done: 0 });
    const checkpoint = await readCheckpoint(model.id, compiled.folder);
    await writeWhole(
      compiled.file,
      await writeGraph(checkpoint, compiled.head, metadataOf(compiled), {
        precision: compiled.precision,
        makeScreen: makeScreen && ((request) => makeScreen(request, options.signal)),
      }),
    );
  }
  return compiled;
}

/**
 * Compiles the second graph of a model, which says which position of a text called a term. Made when it is first asked for.
 * @returns the file, beside the model's own.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function compilePositions(model: ModelFolder, compiled: CompiledModel): Promise<string> {
  const file = fileBeside(compiled, 'positions');
  if (!(await exists(file))) {
    await writeWhole(
      file,
      await writePositionsGraph(await readCheckpoint(model.id, compiled.folder), metadataOf(compiled)),
    );
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
export async function compileLoneQueries(model: ModelFolder, compiled: CompiledModel): Promise<string | undefined> {
  if ((await stat(compiled.file)).size > READ_TWICE_UP_TO) return undefined;
  const file = fileBeside(compiled, 'lone-queries');
  if (await exists(file)) return file;
  const checkpoint = await readCheckpoint(model.id, compiled.folder);
  const { network } = checkpoint;
  if (network.kind === 'onnx') return undefined;
  const { head, precision } = compiled;
  await writeWhole(file, await writeLoneQueryGraph(checkpoint, network, head, metadataOf(compiled), precision));
  return file;
}

/** Where a screen would be, the graph without is another file; else they are the same. */
async function withoutScreen(model: ModelFolder, usual: CompiledModel): Promise<CompiledModel> {
  const mayHave = mayBeScreened(await readCheckpoint(model.id, usual.folder), usual.precision);
  return mayHave ? { ...usual, file: fileBeside(usual, 'dense') } : usual;
}

/** The file of another graph of a model. */
function fileBeside({ file }: CompiledModel, graph: 'dense' | 'positions' | 'lone-queries'): string {
  return file.replace(/(\.dense)?\.onnx$/, `.${graph}.onnx`);
}

function metadataOf(model: CompiledModel): Readonly<Record<string, string>> {
  const { id, weights, configuration, pooling, precision, compiler } = model;
  return { id, weights, configuration, pooling, precision, compiler: `${compiler}` };
}

/** What {@link compileModel} gives, and where; the file may not be there yet. */
export async function compiledFile(model: ModelFolder, options: CompiledOptions = {}): Promise<CompiledModel> {
  const { home = defaultHome(), precision = 'float32', signal } = options;
  const { folder, head, headStated: poolingStated, queryTable } = await readLayout(model.id, model.folder);
  const checkpoint = await readCheckpoint(model.id, folder);
  const { weightsFiles, positions, vocabularySize } = checkpoint;
  const tables = queryTable === undefined ? [] : [await queryTableFile(queryTable)];
  const weights = await sha256OfFiles([...weightsFiles, ...tables], signal);
  const properties = {
    id: model.id,
    weights,
    configuration: configurationOf(checkpoint),
    pooling: nameOfHead(head),
    precision,
    compiler: COMPILER_VERSION,
  } as const;
  const file = join(home, 'compiled', `${model.id.replaceAll('/', '--')}-${keyOf(properties)}.onnx`);
  return { ...properties, head, poolingStated, file, positions, vocabularySize, folder, queryTable };
}

/** 16 hexadecimal digits that change with any of the properties. */
function keyOf(properties: Readonly<Record<string, string | number>>): string {
  return createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 16);
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
