import { join } from 'node:path';
import { compileLoneQueries, compileModel, compilePositions, mayBeReadTwice } from '../model/compile-model.js';
import type { CompiledModel } from '../model/compiled-file.js';
import type { HubAccess } from '../model/hub-access.js';
import { ModelUnsupported } from '../model/model-faults.js';
import type { Precision } from '../model/model-identity.js';
import type { Progress } from '../model/progress.js';
import { readJsonIfThere } from '../model/read-json.js';
import { readLayout } from '../model/read-layout.js';
import { readQueryTable } from '../model/read-query-table.js';
import { DEFAULT_MODEL } from '../model/registry.js';
import { type ModelFolder, resolveModel } from '../model/resolve-model.js';
import type { Vocabulary } from '../sparse/vocabulary.js';
import { compileOnThread } from './compile-on-thread.js';
import type { Device } from './device/device.js';
import { type DeviceChoice, startOnDevice } from './device/start-on-device.js';
import { EncodeQueue } from './encode-queue.js';
import { type Encoder, ThreadedEncoder } from './encoder.js';
import { WorkersInvalid } from './encoder-faults.js';
import type { ThreadSetup } from './encoding-thread.js';
import { prepareRuntime } from './prepare-runtime.js';
import { readTokenizer } from './read-tokenizer.js';
import { type Sessions, sessionsFor } from './sessions.js';
import { ThreadPool } from './thread-pool.js';
import type { TokenizerFiles } from './tokenizer.js';
import { vocabularyOf } from './tokenizer-vocabulary.js';

export interface LoadOptions {
  /** Where models and compiled graphs are kept. Default `~/.cache/termweave`. */
  readonly home?: string;
  /** Threads that encode, each with the model in memory; a large one is there once for four of them. Default: {@link usualWorkers}; on an accelerator one. */
  readonly workers?: number;
  /** Texts are cut to this many tokens, special ones included. Default 256, or the model's own limit if that is less. */
  readonly maxTokens?: number;
  /** How weights are held. Default `float32`; the others are approximations, of less memory: docs/choosing-a-model.md says what they cost. */
  readonly precision?: Precision;
  /**
   * What multiplies: `cpu`, the default; an accelerator; or `auto`, the first accelerator that can be had and is quicker, else the CPU (`onProgress`
   * is told which, and why). docs/choosing-a-model.md says what each needs.
   */
  readonly device?: DeviceChoice;
  /** Use what is on this machine only. */
  readonly offline?: boolean;
  readonly hub?: HubAccess;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

/** Passages in the usual collections are shorter, and quality is published for cuts at 256 (MS MARCO, BEIR with SPLADE). */
const DEFAULT_MAX_TOKENS = 256;

/**
 * Loads an encoder: finds the model (fetching it if need be), compiles it (once) and starts a thread with it.
 * @param model a named model, a hub id (`owner/name`) or a local folder; default `splade-tiny`.
 * @throws {ModelNotFound} {@link ModelSourceFailed} {@link ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 * {@link ModelNotCompiled} {@link EncoderUnusable} {@link EncoderNotStarted} {@link RuntimeMissing} {@link DeviceUnavailable} {@link WorkersInvalid}
 */
export async function loadEncoder(model: string = DEFAULT_MODEL, options: LoadOptions = {}): Promise<Encoder> {
  prepareRuntime();
  if (options.workers !== undefined && !(Number.isInteger(options.workers) && options.workers > 0))
    throw new WorkersInvalid(options.workers);
  const hub = { ...options.hub, offline: options.offline ?? options.hub?.offline };
  const resolved = await resolveModel(model, { ...options, hub });
  const { device = 'cpu', precision = 'float32' } = options;
  return startOnDevice(device, (found) => startEncoder(resolved, found, options), { ...options, precision });
}

async function startEncoder(model: ModelFolder, device: Device, options: LoadOptions): Promise<Encoder> {
  prepareRuntime(device.environment);
  const { workers = device.workers(), signal } = options;
  const { folder, prompts } = await readLayout(model.id, model.folder);
  const tokenizerFile = join(folder, 'tokenizer.json');
  const tokenizer = await readTokenizer(model.id, folder);
  const screened = device.decoder === 'screened';
  const compiled = await compileModel(model, compileOnThread, { ...options, screened });
  const { positions, vocabularySize } = compiled.checkpoint;
  const vocabulary = vocabularyOf(tokenizer.tokenizer, tokenizerFile, vocabularySize);
  // A batch is padded to an even length, for which there have to be positions.
  const maxTokens = Math.min(options.maxTokens ?? DEFAULT_MAX_TOKENS, positions - (positions % 2));
  const queryTable = await queryTableOf(compiled, vocabulary, tokenizer);
  const sessions = await sessionsOf(compiled, device, workers);
  const setup = {
    ...{ model: compiled.file, device: device.name, tokenizer, tokenizerFile, prompts, maxTokens, queryTable },
    threads: sessions.threads,
    loneQueries: device.sharesOutProducts ? await loneQueriesOf(compiled, sessions.count, signal) : undefined,
  };
  const pool = await warmPool(setup, sessions.count, signal);
  const positionsFile = sharedWhileMade(() => compilePositions(compiled, compileOnThread));
  const { id, weights, configuration, pooling, precision, compiler } = compiled;
  return new ThreadedEncoder(
    vocabulary,
    {
      id,
      weights,
      configuration,
      pooling,
      ...(prompts && { prompts }),
      precision,
      maxTokens,
      compiler,
      device: device.name,
    },
    new EncodeQueue(pool),
    async (as) => (as === 'query' && queryTable ? undefined : positionsFile()),
  );
}

/** Whoever asks while something is being made gets the same; later it is made anew. */
function sharedWhileMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().finally(() => {
      made = undefined;
    });
    return made;
  };
}

/** A pool whose first thread runs. An abort while it starts leaves none. */
async function warmPool(setup: ThreadSetup, workers: number, signal?: AbortSignal): Promise<ThreadPool> {
  const pool = new ThreadPool(setup, workers);
  try {
    await pool.warmUp();
    signal?.throwIfAborted();
    return pool;
  } catch (thrown) {
    await pool[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function sessionsOf(compiled: CompiledModel, device: Device, workers: number): Promise<Sessions> {
  return sessionsFor(workers, device.sharesOutProducts && !(await mayBeReadTwice(compiled)));
}

/** One session has all the threads there are, a large model has none to spare for a second graph, and where queries take no inference nothing is to be quicker. */
async function loneQueriesOf(compiled: CompiledModel, sessions: number, signal?: AbortSignal) {
  if (sessions === 1 || compiled.queryTable !== undefined) return undefined;
  // It is for speed alone: without it (little memory, a folder that is only read) the model's own graph answers.
  const file = await compileLoneQueries(compiled, compileOnThread, signal).catch(() => {
    signal?.throwIfAborted();
    return undefined;
  });
  return file === undefined ? undefined : { file, threads: sessions };
}

async function queryTableOf(
  { id, folder, queryTable }: CompiledModel,
  vocabulary: Vocabulary,
  tokenizer: TokenizerFiles,
): Promise<Float32Array | undefined> {
  if (queryTable === undefined) return undefined;
  const own = await readJsonIfThere(join(queryTable, 'tokenizer.json'));
  if (own !== undefined && splittingOf(own as object) !== splittingOf(tokenizer.tokenizer)) {
    const found = `a tokenizer for queries (${queryTable}) that is not the one for documents (${folder})`;
    throw new ModelUnsupported(id, found, 'Take a model whose two sides share a tokenizer');
  }
  return readQueryTable(queryTable, vocabulary.size, (token) => vocabulary.idOf(token));
}

/** What decides which tokens a text has, of a `tokenizer.json`; cutting and padding do not. */
function splittingOf(tokenizer: object): string {
  const { normalizer, pre_tokenizer, model } = tokenizer as Record<string, unknown>;
  return JSON.stringify([normalizer, pre_tokenizer, model]);
}
