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
  readonly layers: number;
  readonly hidden: number;
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
  const { config } = await readCheckpoint(model.id, model.folder);
  const { file, weights, pooling, precision, compiler } = await compiledFile(model, options);
  return {
    ...model,
    architecture: config.model_type,
    layers: config.num_hidden_layers,
    hidden: config.hidden_size,
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
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
