import type { Command } from 'commander';
import type { DeviceChoice } from '../encoder/device/start-on-device.js';
import type { Encoder } from '../encoder/encoder.js';
import { precisionNamed } from '../model/model-identity.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { deviceOption, openEncoder } from './model-options.js';

/** The options of every command that asks an index with texts. */
export interface IndexAndEncoderOptions extends EngineOptions {
  readonly field?: string;
  readonly model?: string;
  readonly device?: DeviceChoice;
  readonly offline?: boolean;
}

/** Adds the options of a command that asks an index with texts: engine, vector field, model. */
export function withIndexAndEncoderOptions(command: Command, { field = true, memory = false } = {}): Command {
  if (field) command.option('--field <NAME>', "the vector field (default: the index's first)");
  return withEngineOptions(command, { memory })
    .option('--model <MODEL>', 'name, hub id or folder of the model (default: the one that the index names)')
    .addOption(deviceOption())
    .option('--offline', 'use the models on this machine only');
}

/** An index and the encoder of its model. */
export interface IndexAndEncoder extends AsyncDisposable {
  readonly index: SparseIndex;
  readonly encoder: Encoder;
}

/**
 * Opens an index and loads the model that made its vectors.
 * @throws {ModelMismatch} where another model is named.
 */
export async function openIndexAndEncoder(name: string, options: IndexAndEncoderOptions): Promise<IndexAndEncoder> {
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  const engine = await openEngine(options);
  try {
    const index = await SparseIndex.open(engine, name, { field: options.field, signal: interruption });
    const encoder = await loadEncoderOf(index, options);
    return { index, encoder, [Symbol.asyncDispose]: () => closeAll([encoder, engine]) };
  } catch (thrown) {
    await engine[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function loadEncoderOf(index: SparseIndex, { model, device, offline }: IndexAndEncoderOptions): Promise<Encoder> {
  const { id, maxTokens, precision } = index.plan.model;
  const known = precisionNamed(precision);
  const encoder = await openEncoder({ model: model ?? id, maxTokens, offline, precision: known, device });
  try {
    index.mustMatch(encoder);
    return encoder;
  } catch (thrown) {
    await encoder[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function closeAll(opened: readonly AsyncDisposable[]): Promise<void> {
  for (const one of opened) await one[Symbol.asyncDispose]();
}
