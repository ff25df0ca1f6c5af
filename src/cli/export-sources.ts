import { stat } from 'node:fs/promises';
import type { Encoder } from '../encoder/encoder.js';
import type { Role } from '../encoder/role.js';
import type { VectorOrigin } from '../export/export-vectors.js';
import type { VectorSource } from '../export/vector-source.js';
import type { Fault } from '../fault/fault.js';
import type { Pruning } from '../sparse/pruning.js';
import { type EngineOptions, isEngineNamed, openEngine } from './engine-options.js';
import { interruption } from './interruption.js';
import { type ModelOptions, openEncoder } from './model-options.js';
import { toldWaits } from './told-waits.js';

export interface SourceOptions extends EngineOptions, ModelOptions {
  readonly from: string;
  readonly field?: string;
  readonly prune?: Pruning;
}

/** What is more likely to be meant for a file than for an index: no index has a slash in its name. */
const LIKE_A_FILE = /[/\\]|\.(jsonl|ndjson|csv|tsv|parquet)(\.(gz|zst))?$/i;

async function noSuchFile(from: string, cause?: unknown): Promise<Fault> {
  const { InputUnreadable } = await import('../ingest/ingest-faults.js');
  const found = cause === undefined ? 'no such file' : 'no such file, and no index of that name';
  return new InputUnreadable(from, found, 'Check the path; or name an index, with --url', cause);
}

/** Where the vectors of an export come from; opens an engine or a model only where one is needed. */
export class ExportSources implements AsyncDisposable {
  /** What made the vectors, once sources have been opened. */
  origin: VectorOrigin = {};
  readonly #options: SourceOptions;
  readonly #opened: AsyncDisposable[] = [];
  #encoder: Promise<Encoder> | undefined;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** The documents, and the state of the data: the file's is in the stamp of its path. */
  async documents(): Promise<{ documents: VectorSource; state: string | null }> {
    const { from, field } = this.#options;
    const stats = await stat(from).catch(() => undefined);
    if (from === '-' || stats?.isFile()) {
      // Standard input cannot be read again.
      return { documents: await this.file(from, 'document'), state: from === '-' ? null : '' };
    }
    const { indexVectors } = await import('../export/sources/index-vectors.js');
    if (LIKE_A_FILE.test(from) && !isEngineNamed(this.#options)) throw await noSuchFile(from);
    const engine = await openEngine(this.#options);
    this.#opened.push(engine);
    const waiting = { signal: interruption, retry: toldWaits() };
    const documents = await indexVectors(engine, from, field, waiting).catch(async (thrown: unknown) => {
      const { IndexNotFound } = await import('../engine/engine-faults.js');
      throw LIKE_A_FILE.test(from) && thrown instanceof IndexNotFound ? await noSuchFile(from, thrown) : thrown;
    });
    this.origin = documents.origin;
    return { documents, state: documents.state };
  }

  async file(file: string, as: Role): Promise<VectorSource> {
    const { fileVectors } = await import('../export/sources/file-vectors.js');
    const pruning = as === 'document' ? this.#options.prune?.spec : undefined;
    return fileVectors(file, { as, pruning, openEncoder: () => this.#open() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#opened) await each[Symbol.asyncDispose]();
  }

  async #open(): Promise<Encoder> {
    this.#encoder ??= openEncoder(this.#options);
    const encoder = await this.#encoder;
    if (!this.#opened.includes(encoder)) this.#opened.push(encoder);
    const { identity: model, vocabulary } = encoder;
    this.origin = { model, vocabulary: vocabulary.fingerprint, pruning: this.#options.prune?.spec };
    return encoder;
  }
}
