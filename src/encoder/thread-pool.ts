import { EncoderClosed, EncoderCrashed } from './encoder-faults.js';
import { EncodingThread, ThreadEnded, type ThreadSetup } from './encoding-thread.js';
import { type PromiseWithResolversOf, promiseWithResolvers } from './promise-with-resolvers.js';
import type { TokenizedText } from './tokenized-text.js';
import type { AttributionTask, EncodedTask, EncodeTask } from './worker-messages.js';

/** How long a machine that could not start one more thread is left alone: what was short (memory, mostly) may be there again, and every try costs a load. */
const LEFT_ALONE_MS = 10_000;

/**
 * Up to `size` encoding threads, started when they are needed. A task whose thread ends under it is tried once more on a fresh
 * thread. Where one more cannot be started, those that could do the work, and the first task after `leftAloneMs` tries again. One of the threads has
 * the second session, for lone queries.
 */
export class ThreadPool implements AsyncDisposable {
  readonly #idle: EncodingThread[] = [];
  readonly #waiting: PromiseWithResolversOf<EncodingThread | undefined>[] = [];
  /** Who has a thread or waits for one. */
  readonly #inside = new Set<Promise<unknown>>();
  /** Threads that run or are being started. */
  #threads = 0;
  /** No thread is started before, in the time of `performance.now()`, unless there is none. */
  #startsFrom = 0;
  /** Whether a thread has the session for lone queries, or will have it. */
  #loneQueriesTaken = false;
  #closed = false;

  constructor(
    readonly setup: ThreadSetup,
    readonly size: number,
    readonly leftAloneMs = LEFT_ALONE_MS,
  ) {}

  /** Starts a first thread, so that a model that cannot be loaded is found now. @throws {EncoderUnusable} {@link EncoderNotStarted} */
  async warmUp(): Promise<void> {
    await this.#counted(this.#withThread({ perform: async () => undefined }));
  }

  /** @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted. */
  encode(task: EncodeTask, signal?: AbortSignal): Promise<EncodedTask> {
    const work = { perform: (thread: EncodingThread) => thread.encode(task, signal), alone: task.alone };
    return this.#perform(work, task.texts.length, signal);
  }

  /** @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted. */
  attribute(task: AttributionTask, signal?: AbortSignal): Promise<readonly (string | undefined)[]> {
    return this.#perform({ perform: (thread) => thread.attribute(task, signal) }, 1, signal);
  }

  /** @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted. */
  tokenize(texts: readonly string[], signal?: AbortSignal): Promise<readonly TokenizedText[]> {
    return this.#perform({ perform: (thread) => thread.tokenize(texts, signal) }, texts.length, signal);
  }

  async #perform<T>(work: ThreadWork<T>, texts: number, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#once(work, signal);
    } catch (thrown) {
      if (!(thrown instanceof ThreadEnded)) throw thrown;
    }
    try {
      return await this.#once(work, signal);
    } catch (thrown) {
      throw thrown instanceof ThreadEnded ? new EncoderCrashed(texts, thrown) : thrown;
    }
  }

  /** Tasks that wait are refused, those at work are finished; then the threads end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new EncoderClosed());
    await Promise.allSettled(this.#inside);
    await Promise.all(this.#idle.splice(0).map((thread) => thread.end()));
  }

  #once<T>(work: ThreadWork<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    return this.#counted(this.#withThread(work, signal));
  }

  async #counted<T>(promised: Promise<T>): Promise<T> {
    this.#inside.add(promised);
    try {
      return await promised;
    } finally {
      this.#inside.delete(promised);
    }
  }

  async #withThread<T>(work: ThreadWork<T>, signal?: AbortSignal): Promise<T> {
    const thread = this.#idleFor(work.alone) ?? (await this.#acquire(work.alone, signal));
    try {
      signal?.throwIfAborted();
      return await work.perform(thread);
    } finally {
      this.#release(thread);
    }
  }

  /** An idle thread, a new one, or the next that becomes free. */
  async #acquire(alone?: boolean, signal?: AbortSignal): Promise<EncodingThread> {
    for (;;) {
      const thread = this.#idleFor(alone) ?? (await (this.#mayStart() ? this.#start() : this.#nextFree(signal)));
      if (thread) return thread;
    }
  }

  /** An idle thread, for what is alone the one for lone queries. @throws {EncoderClosed} */
  #idleFor(alone?: boolean): EncodingThread | undefined {
    if (this.#closed) throw new EncoderClosed();
    for (;;) {
      const at = alone ? this.#idle.findIndex((thread) => thread.takesLoneQueries) : -1;
      const idle = at < 0 ? this.#idle.pop() : this.#idle.splice(at, 1)[0];
      if (!idle?.hasEnded) return idle;
      this.#forget(idle);
    }
  }

  #mayStart(): boolean {
    return this.#threads === 0 || (this.#threads < this.size && performance.now() >= this.#startsFrom);
  }

  #forget(ended: EncodingThread): void {
    this.#threads--;
    if (ended.takesLoneQueries) this.#loneQueriesTaken = false;
  }

  /** The next thread that is free; `undefined` where one ended instead. */
  async #nextFree(signal?: AbortSignal): Promise<EncodingThread | undefined> {
    signal?.throwIfAborted();
    const waiting = promiseWithResolvers<EncodingThread | undefined>();
    this.#waiting.push(waiting);
    const leave = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      waiting.reject(signal!.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    // A thread that came may be followed by the signal: whoever has the thread looks at that.
    void waiting.promise.catch(() => undefined).finally(() => signal?.removeEventListener('abort', leave));
    return waiting.promise;
  }

  /** A new thread; `undefined` where none could be started, but others are there. @throws {EncoderClosed} when that happened meanwhile. */
  async #start(): Promise<EncodingThread | undefined> {
    this.#threads++;
    const loneQueries = this.#loneQueriesTaken ? undefined : this.setup.loneQueries;
    if (loneQueries) this.#loneQueriesTaken = true;
    const thread = await EncodingThread.start({ ...this.setup, loneQueries }).catch((thrown: unknown) => {
      this.#threads--;
      if (loneQueries) this.#loneQueriesTaken = false;
      this.#waiting.shift()?.resolve(undefined);
      if (this.#threads === 0) throw thrown;
      this.#startsFrom = performance.now() + this.leftAloneMs;
      return undefined;
    });
    if (!thread || !this.#closed) return thread;
    this.#release(thread);
    throw new EncoderClosed();
  }

  #release(thread: EncodingThread): void {
    if (thread.hasEnded) this.#forget(thread);
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(thread.hasEnded ? undefined : thread);
    else if (!thread.hasEnded) this.#idle.push(thread);
  }
}

interface ThreadWork<T> {
  readonly perform: (thread: EncodingThread) => Promise<T>;
  /** Nothing else is at work or waits. */
  readonly alone?: boolean;
}
