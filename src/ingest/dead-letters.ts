import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { exactJson } from '../dialect/exact-number.js';
import { InputUnreadable } from './ingest-faults.js';
import type { Refusal } from './source.js';
import { jsonLines } from './sources/json-lines.js';
import { openInput } from './sources/open-input.js';

/** Takes what cannot be in the index. What has been put is on its way to the disk when `put` resolves. */
export interface DeadLetters extends AsyncDisposable {
  put(refusals: readonly Refusal[]): Promise<void>;
}

/**
 * A file of dead letters: one JSON object a line, with `id`, `routing`, `line`, `status`, `type`, `reason` and `document`. It is
 * written anew by each run, and only where there is something to write.
 */
export class DeadLetterFile implements DeadLetters {
  readonly #writtenTo: string;
  #file: FileHandle | undefined;

  /** @param aside whether what the file holds is kept until {@link settle}: a run that takes it up may be ended before that. */
  constructor(
    readonly path: string,
    { aside = false } = {},
  ) {
    this.#writtenTo = aside ? `${path}.next` : path;
  }

  async put(refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    this.#file ??= await open(this.#writtenTo, 'w');
    await this.#file.appendFile(refusals.map((refusal) => `${exactJson(refusal)}\n`).join(''));
  }

  /** The run has come to its end: the file holds what failed in it, and is gone where nothing did. */
  async settle(): Promise<void> {
    if (!this.#file) await rm(this.path, { force: true });
    else if (this.#isAside) await rename(this.#writtenTo, this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    if (this.#isAside) await rm(this.#writtenTo, { force: true });
  }

  get #isAside(): boolean {
    return this.#writtenTo !== this.path;
  }
}

/** The ids of the documents in a file of dead letters, each once. @throws {InputUnreadable} where there is none, or it holds something else. */
export async function readDeadLetters(path: string): Promise<string[]> {
  const ids = new Set<string>();
  for await (const row of jsonLines(await openInput(path, Readable.from([])))) {
    const id = row.ok ? row.fields.id : undefined;
    if (typeof id === 'string') ids.add(id);
    else
      throw new InputUnreadable(
        path,
        `line ${row.line} is no dead letter with an id`,
        'Name a file that reindex has written',
      );
  }
  return [...ids];
}

/** Hands on each document's refusal once, however often it is tried again, and counts the documents. */
export class DistinctDeadLetters implements DeadLetters {
  readonly #refused = new Set<string>();

  constructor(readonly to: DeadLetters | undefined) {}

  get documents(): number {
    return this.#refused.size;
  }

  async put(refusals: readonly Refusal[]): Promise<void> {
    const fresh = refusals.filter(({ id, routing }) => {
      const key = JSON.stringify([routing, id]);
      return !this.#refused.has(key) && this.#refused.add(key);
    });
    await this.to?.put(fresh);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What it hands on to belongs to the caller.
  }
}
