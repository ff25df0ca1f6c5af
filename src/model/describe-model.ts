import { type CompiledOptions, compiledFile } from './compiled-file.js';
import { exists } from './exists.js';
import type { ModelFolder } from './resolve-model.js';

/** What a model on this machine is: its shape, its weights, and where its compiled form is. */
export interface ModelDescription {
  readonly id: string;
  readonly source: string;
  readonly folder: string;
  readonly architecture: string;
  /** One file, or the shards. */
  readonly weightsFiles: readonly string[];
  readonly vocabulary: number;
  readonly positions: number;
  readonly pooling: string;
  /** How a query becomes a vector: by the network, or by the table of token weights in this folder, without inference. */
  readonly queries: string;
  readonly precision: string;
  /** SHA-256 of the weights. */
  readonly weights: string;
  readonly compiler: number;
  /** The compiled file, or `not yet`. */
  readonly compiled: string;
}

/**
 * Describes a model without loading it.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function describeModel(model: ModelFolder, options: CompiledOptions = {}): Promise<ModelDescription> {
  const { checkpoint, file, weights, pooling, precision, compiler, queryTable } = await compiledFile(model, options);
  return {
    ...model,
    architecture: checkpoint.architecture,
    weightsFiles: checkpoint.weightsFiles,
    vocabulary: checkpoint.vocabularySize,
    positions: checkpoint.positions,
    pooling,
    queries: queryTable === undefined ? 'encoded' : `inference-free, by ${queryTable}`,
    precision,
    weights,
    compiler,
    compiled: (await exists(file)) ? file : 'not yet',
  };
}
