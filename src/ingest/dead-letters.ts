import type { Refusal } from './source.js';
import { SeenIds } from './sources/seen-ids.js';

/** Takes what cannot be in the index. What has been put is on its way to the disk when `put` resolves. */
export interface DeadLetters extends AsyncDisposable {
  put(refusals: readonly Refusal[]): Promise<void>;
}

/** Hands on each document's refusal once, however often it is tried again, and counts the documents. */
export class DistinctDeadLetters implements DeadLetters {
  readonly #refused = new SeenIds();
  #documents = 0;

  constructor(readonly to: DeadLetters | undefined) {}

  get documents(): number {
    return this.#documents;
  }

  async put(refusals: readonly Refusal[]): Promise<void> {
    const fresh = refusals.filter(
      ({ id, routing }) => this.#refused.firstLineOf(JSON.stringify([routing, id]), 1) === undefined,
    );
    this.#documents += fresh.length;
    await this.to?.put(fresh);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What it hands on to belongs to the caller.
  }
}
