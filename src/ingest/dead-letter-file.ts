import { randomUUID } from 'node:crypto';
import {
  appendFile,
  constants,
  copyFile,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson } from '../dialect/exact-number.js';
import type { DeadLetters } from './dead-letters.js';
import { InputUnreadable } from './ingest-faults.js';
import type { Refusal } from './source.js';
import { jsonLines } from './sources/json-lines.js';
import { openInput } from './sources/open-input.js';

export interface DeadLetterFileOptions {
  /** What the run reads, in words that are the same whenever it reads that again: each letter says it, and letters of other sources are never this run's to take away. */
  readonly source?: string;
  /** Documents that the run takes up again, whichever source their letters name. */
  readonly again?: readonly string[];
}

/**
 * A file of dead letters: one JSON object a line, with `source`, `id`, `routing`, `line`, `status`, `type`, `reason` and `document`. A run
 * writes aside. At its end its letters replace those that an earlier run left of the same source; without an end (it failed, was
 * interrupted) they are added. Runs at the same time lose nothing of one another.
 */
export class DeadLetterFile implements DeadLetters {
  readonly #aside: string;
  readonly #source: string | undefined;
  readonly #again: ReadonlySet<unknown>;
  #file: FileHandle | undefined;
  #isSettled = false;

  constructor(
    readonly path: string,
    { source, again = [] }: DeadLetterFileOptions = {},
  ) {
    this.#aside = `${path}.${randomUUID().slice(0, 8)}.partial`;
    this.#source = source;
    this.#again = new Set(again);
  }

  async put(refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    const lines = refusals.map((refusal) => exactJson({ source: this.#source, ...refusal }));
    if (await isDevice(this.path)) await appendFile(this.path, textOf(lines));
    else await this.#write(lines);
  }

  /** The run has come to its end: of its source the file holds what failed in it, and is gone where nothing is left to hold. */
  async settle(): Promise<void> {
    this.#isSettled = true;
    await this.#publish(({ source, id }) => source !== this.#source && !this.#again.has(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isSettled && this.#file) await this.#publish(() => true);
    await this.#file?.close();
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    return open(this.#aside, 'wx');
  }

  async #write(lines: readonly string[]): Promise<void> {
    this.#file ??= await this.#open();
    await this.#file.appendFile(textOf(lines));
  }

  /** Another run may publish between any two steps: its file is then taken over, too. */
  async #publish(stays: (letter: JsonObject) => boolean): Promise<void> {
    if (await isDevice(this.path)) return;
    do await this.#takeOver(stays);
    while (this.#file && !(await appears(this.#aside, this.path)));
    if (this.#file) await rm(this.#aside, { force: true });
  }

  /** Adds what stays of the file to what is written aside. Lines that are no letters stay. */
  async #takeOver(stays: (letter: JsonObject) => boolean): Promise<void> {
    const taken = `${this.#aside}.taken`;
    if (!(await moves(this.path, taken))) return;
    if (!(await leadsNowhere(taken))) await this.#addLetters(taken, stays);
    await rm(taken);
  }

  async #addLetters(from: string, stays: (letter: JsonObject) => boolean): Promise<void> {
    for await (const row of jsonLines(await openInput(from, Readable.from([])))) {
      if (!row.ok) await this.#write([row.text]);
      else if (stays(row.fields)) await this.#write([exactJson(row.fields)]);
    }
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

/** How a letter begins, of a run that says what it reads. */
const BEGINNING = '{"source":';

/** Whether a file begins with something that no run has written as a letter: a file of documents by a mistyped name, say. None, an empty one and a device do not. */
export async function holdsOtherThanLetters(path: string): Promise<boolean> {
  if ((await leadsNowhere(path)) || (await isDevice(path))) return false;
  try {
    for await (const row of jsonLines(await openInput(path, Readable.from([])))) {
      // Where a disk was full a letter breaks off.
      if (!row.ok) return !row.text.startsWith(BEGINNING);
      return typeof row.fields.reason !== 'string' || typeof row.fields.type !== 'string';
    }
  } catch (thrown) {
    if (thrown instanceof InputUnreadable) return true;
    throw thrown;
  }
  return false;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Something to write to that is no file (`/dev/null`, a pipe) is never moved or removed. */
async function isDevice(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => !stats.isFile(),
    () => false,
  );
}

/** Whether something has that name, be it a link to what is not there: nothing else can then appear by it. */
function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Whether nothing is there, or a link without an end that is. A file takes its place, as it takes that of other links. */
function leadsNowhere(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT' || code === 'ELOOP',
  );
}

/** @returns whether there was a file to move. */
async function moves(from: string, to: string): Promise<boolean> {
  // A file system that is read-only refuses the move also of what is not there.
  if (!(await isThere(from))) return false;
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Gives a file a second name, unless one is there by that name. @returns whether it has it. */
async function appears(from: string, to: string): Promise<boolean> {
  const taken = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false;
    throw error;
  };
  return link(from, to).then(
    () => true,
    // Not every file system has links.
    (error) => (error.code === 'EEXIST' ? false : copyFile(from, to, constants.COPYFILE_EXCL).then(() => true, taken)),
  );
}
