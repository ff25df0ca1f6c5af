import { LoneSession } from './lone-session.js';
import type { EncodeTask, WorkerSetup } from './worker-messages.js';

/** Tokens of a query for which the large product is worth its logits: [64, 30,522] float32 are 7.8 MB. */
const MOST_TOKENS = 64;

/**
 * The session for lone queries, on all cores. It comes with the second of them: a program that asks once need not wait for it. It is
 * for speed alone, so where it cannot be loaded there is none, and one that fails is dropped.
 */
export class LoneQueries {
  #asked = 0;
  #session: Promise<LoneSession | undefined> | undefined;

  constructor(readonly graph: WorkerSetup['loneQueries']) {}

  /** The session for a task of these pieces of text, if it is one for it. */
  async sessionFor({ as, alone }: EncodeTask, pieces: readonly (readonly number[])[]) {
    if (!this.graph || as !== 'query' || !alone || pieces.length > 1 || pieces[0]!.length > MOST_TOKENS)
      return undefined;
    if (this.#asked++ === 0) return undefined;
    const { file, threads } = this.graph;
    this.#session ??= LoneSession.load(file, threads).catch(() => undefined);
    return this.#session;
  }

  /** From now on there is no session. */
  drop(): void {
    this.#session = Promise.resolve(undefined);
  }
}
