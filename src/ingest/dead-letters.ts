import type { Refusal } from './source.js';

/** Takes what cannot be in the index. What has been put is on its way to the disk when `put` resolves. */
export interface DeadLetters extends AsyncDisposable {
  put(refusals: readonly Refusal[]): Promise<void>;
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
