import { stat } from 'node:fs/promises';
import { readCheckpoint } from './checkpoint.js';
import { compiledFile } from './compile-model.js';
import type { ModelFolder } from './resolve-model.js';

/** What a model on this machine is: its shape, its weights, and where its compiled form is. */
export interface ModelDescription {
  readonly id: string;
  readonly source: string;
  readonly folder: string;
  readonly architecture: string;
  readonly weightsFile: string;
  readonly vocabulary: number;
  readonly positions: number;
  readonly pooling: string;
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
export async function describeModel(
  model: ModelFolder,
  options: { home?: string; signal?: AbortSignal } = {},
): Promise<ModelDescription> {
  const checkpoint = await readCheckpoint(model.id, model.folder);
  const { file, weights, pooling, precision, compiler } = await compiledFile(model, options);
  return {
    ...model,
    architecture: checkpoint.architecture,
    weightsFile: checkpoint.weightsFile,
    vocabulary: checkpoint.vocabularySize,
    positions: checkpoint.positions,
    pooling,
    precision,
    weights,
    compiler,
    compiled: await stat(file).then(
      () => file,
      () => 'not yet',
    ),
  };
}
