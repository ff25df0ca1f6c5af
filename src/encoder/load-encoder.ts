import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compileModel, compilePositions } from '../model/compile-model.js';
import type { HubAccess } from '../model/hub-access.js';
import type { Progress } from '../model/progress.js';
import { DEFAULT_MODEL } from '../model/registry.js';
import { resolveModel } from '../model/resolve-model.js';
import { type Encoder, ThreadedEncoder } from './encoder.js';
import { readTokenizer } from './load-tokenizer.js';
import { ThreadPool } from './thread-pool.js';
import { vocabularyOf } from './tokenizer-vocabulary.js';

export interface LoadOptions {
  /** Where models and compiled graphs are kept. Default `~/.cache/termweave`. */
  readonly home?: string;
  /** Threads that encode, each with the model in memory. Default: one for each core, at most 4. */
  readonly workers?: number;
  /** Texts are cut to this many tokens, special ones included. Default 256, or the model's own limit if that is less. */
  readonly maxTokens?: number;
  /** Use what is on this machine only. */
  readonly offline?: boolean;
  readonly hub?: HubAccess;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

/** Passages in the usual collections are shorter, and quality is published for cuts at 256 (MS MARCO, BEIR with SPLADE). */
const DEFAULT_MAX_TOKENS = 256;
const MOST_WORKERS = 4;

/**
 * Loads an encoder: finds the model (fetching it if need be), compiles it (once) and starts a thread with it.
 * @param model a named model, a hub id (`owner/name`) or a local folder; default `splade-tiny`.
 * @throws {ModelNotFound} {@link ModelSourceFailed} {@link ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 * {@link EncoderUnusable}
 */
export async function loadEncoder(model: string = DEFAULT_MODEL, options: LoadOptions = {}): Promise<Encoder> {
  const { workers = Math.min(availableParallelism(), MOST_WORKERS), signal } = options;
  const hub = { ...options.hub, offline: options.offline ?? options.hub?.offline };
  const resolved = await resolveModel(model, { ...options, hub });
  const tokenizerFile = join(resolved.folder, 'tokenizer.json');
  const tokenizer = await readTokenizer(resolved.folder);
  const compiled = await compileModel(resolved, options);
  const vocabulary = vocabularyOf(tokenizer.tokenizer, tokenizerFile, compiled.vocabularySize);
  const maxTokens = Math.min(options.maxTokens ?? DEFAULT_MAX_TOKENS, compiled.positions);
  const pool = new ThreadPool({ model: compiled.file, tokenizer, tokenizerFile, maxTokens, threads: 1 }, workers);
  await pool.warmUp();
  signal?.throwIfAborted();
  const { id, weights, pooling, precision, compiler } = compiled;
  return new ThreadedEncoder(vocabulary, { id, weights, pooling, precision, maxTokens, compiler }, pool, () =>
    compilePositions(resolved, compiled),
  );
}
