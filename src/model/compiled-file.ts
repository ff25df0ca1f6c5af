import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { configurationOf } from './configuration-of.js';
import { nameOfHead, type SparseHead } from './graph/sparse-head.js';
import { sha256OfFiles } from './hash-file.js';
import { defaultHome } from './model-folder.js';
import { COMPILER_VERSION, type Precision } from './model-identity.js';
import { readLayout } from './read-layout.js';
import { queryTableFile } from './read-query-table.js';
import type { ModelFolder } from './resolve-model.js';

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
  /** The shape of the network that it was compiled from. */
  readonly checkpoint: Checkpoint;
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

/** What `compileModel` gives of a model, and where; the file may not be there yet. */
export async function compiledFile(model: ModelFolder, options: CompiledOptions = {}): Promise<CompiledModel> {
  const { home = defaultHome(), precision = 'float32', signal } = options;
  const { folder, head, headStated: poolingStated, queryTable } = await readLayout(model.id, model.folder);
  const checkpoint = await readCheckpoint(model.id, folder);
  const tables = queryTable === undefined ? [] : [await queryTableFile(queryTable)];
  const weights = await sha256OfFiles([...checkpoint.weightsFiles, ...tables], signal);
  const properties = {
    id: model.id,
    weights,
    configuration: configurationOf(checkpoint),
    pooling: nameOfHead(head),
    precision,
    compiler: COMPILER_VERSION,
  } as const;
  const file = join(home, 'compiled', `${model.id.replaceAll('/', '--')}-${keyOf(properties)}.onnx`);
  return { ...properties, head, poolingStated, file, checkpoint, folder, queryTable };
}

/** 16 hexadecimal digits that change with any of the properties. */
function keyOf(properties: Readonly<Record<string, string | number>>): string {
  return createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 16);
}
