import { type FileHandle, open } from 'node:fs/promises';
import type { Refusal } from './source.js';

/** Takes what cannot be in the index. What has been put is on its way to the disk when `put` resolves. */
export interface DeadLetters extends AsyncDisposable {
  put(refusals: readonly Refusal[]): Promise<void>;
}

/**
 * A file of dead letters: one JSON object a line, with `id`, `line`, `status`, `type`, `reason` and `document`. It is written anew by
 * each run, and only where there is something to write; an empty one of an earlier run would say what is no longer true.
 */
export class DeadLetterFile implements DeadLetters {
  #file: FileHandle | undefined;

  constructor(readonly path: string) {}

  async put(refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    this.#file ??= await open(this.path, 'w');
    await this.#file.appendFile(refusals.map((refusal) => `${JSON.stringify(refusal)}\n`).join(''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}
