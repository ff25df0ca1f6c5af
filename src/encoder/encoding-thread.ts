import { Worker } from 'node:worker_threads';
import { EncoderNotStarted, EncoderUnusable, EncodingFailed } from './encoder-faults.js';
import { LoneVector } from './lone-vector.js';
import { type PromiseWithResolversOf, promiseWithResolvers } from './promise-with-resolvers.js';
import type { TokenizedText } from './tokenized-text.js';
import {
  type AttributionTask,
  type EncodedTask,
  type EncodeTask,
  Shared,
  type WorkerAnswer,
  type WorkerSetup,
  type WorkerTask,
} from './worker-messages.js';

/** The thread ended while it was at work. Not a fault yet: the task may be tried on another. */
export class ThreadEnded extends Error {}

/** What a thread is started with, but for what it makes itself. */
export type ThreadSetup = Omit<WorkerSetup, 'shared' | 'loneVector'>;

/** A batch takes far less; after this the process may end as it likes. */
const LONGEST_BATCH_MS = 10_000;

/** Answers that are what was asked for. */
const DONE: ReadonlySet<WorkerAnswer['kind']> = new Set(['encoded', 'encoded-alone', 'attributed', 'tokenized']);

/** The threads that run: for one listener to the end of the process, however many there are. */
const running = new Set<EncodingThread>();

/** Holds the end of the process until the batches are done that are running. */
function finishBatches(): void {
  for (const thread of running) thread.stopAfterBatch();
  for (const thread of running) thread.waitForBatch();
}

/** One worker thread, which does one task at a time. It keeps the process alive only while it works. */
export class EncodingThread {
  readonly #worker: Worker;
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #loneVector = new LoneVector();
  #ended: Error | undefined;
  /** Whoever waits for the thread's next message; one at most, for it does one task at a time. */
  #waiting: PromiseWithResolversOf<WorkerAnswer> | undefined;

  /** Whether it has a session for lone queries. */
  readonly takesLoneQueries: boolean;

  private constructor(setup: ThreadSetup) {
    this.takesLoneQueries = setup.loneQueries !== undefined;
    this.#worker = new Worker(new URL('./encoding-worker.js', import.meta.url), {
      workerData: { ...setup, shared: this.#shared, loneVector: this.#loneVector.memory } satisfies WorkerSetup,
    });
    if (running.size === 0) process.on('exit', finishBatches);
    running.add(this);
    this.#worker.on('message', (answer: WorkerAnswer) => this.#waiting?.resolve(answer));
    this.#worker.on('error', (thrown) => {
      this.#ended = new ThreadEnded(thrown.message, { cause: thrown });
    });
    this.#worker.on('exit', (code) => {
      this.#ended ??= new ThreadEnded(`it ended with code ${code}`);
      running.delete(this);
      if (running.size === 0) process.off('exit', finishBatches);
      this.#waiting?.reject(this.#ended);
    });
  }

  /** A thread with the model loaded. @throws {EncoderUnusable} {@link EncoderNotStarted} */
  static async start(setup: ThreadSetup): Promise<EncodingThread> {
    const thread = new EncodingThread(setup);
    try {
      const answer = await thread.#answer();
      if (answer.kind === 'unusable') throw new EncoderUnusable(answer.file, answer.found, answer.remedy);
      thread.#worker.unref();
      return thread;
    } catch (thrown) {
      await thread.end();
      throw thrown instanceof ThreadEnded ? new EncoderNotStarted(thrown) : thrown;
    }
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** @throws the signal's reason when it is aborted, before the next batch. @throws {ThreadEnded} */
  async encode(task: EncodeTask, signal?: AbortSignal): Promise<EncodedTask> {
    const answer = await this.#perform(task, task.texts.length, signal);
    if (answer.kind === 'encoded-alone') return this.#loneVector.read();
    return (answer as Extract<WorkerAnswer, { kind: 'encoded' }>).result;
  }

  /** The words of a text that called vocabulary ids. @throws {ThreadEnded} */
  async attribute(task: AttributionTask, signal?: AbortSignal): Promise<readonly (string | undefined)[]> {
    const answer = await this.#perform(task, 1, signal);
    return (answer as Extract<WorkerAnswer, { kind: 'attributed' }>).words;
  }

  /** The tokens of texts. @throws the signal's reason when it is aborted, before the next text. @throws {ThreadEnded} */
  async tokenize(texts: readonly string[], signal?: AbortSignal): Promise<readonly TokenizedText[]> {
    const answer = await this.#perform({ tokenize: texts }, texts.length, signal);
    return (answer as Extract<WorkerAnswer, { kind: 'tokenized' }>).texts;
  }

  async #perform(task: WorkerTask, texts: number, signal?: AbortSignal): Promise<WorkerAnswer> {
    const cancel = () => this.stopAfterBatch();
    signal?.addEventListener('abort', cancel, { once: true });
    this.#worker.ref();
    try {
      this.#worker.postMessage(task);
      const answer = await this.#answer();
      if (DONE.has(answer.kind)) return answer;
      signal?.throwIfAborted();
      throw new EncodingFailed(texts, answer.kind === 'failed' ? answer.found : answer.kind);
    } finally {
      this.#worker.unref();
      signal?.removeEventListener('abort', cancel);
      Atomics.store(this.#shared, Shared.stop, 0);
    }
  }

  /** Tells the thread to begin no other batch. */
  stopAfterBatch(): void {
    Atomics.store(this.#shared, Shared.stop, 1);
  }

  /** Blocks the caller until no batch is running, or too long. */
  waitForBatch(): void {
    Atomics.wait(this.#shared, Shared.running, 1, LONGEST_BATCH_MS);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /**
   * The next message, by listeners that stay: a pair of them for each answer, with a signal to take them off, cost a lone query some 0.1 ms.
   * @throws {ThreadEnded} when the thread ends first.
   */
  #answer(): Promise<WorkerAnswer> {
    this.#waiting = promiseWithResolvers();
    if (this.#ended) this.#waiting.reject(this.#ended);
    return this.#waiting.promise;
  }
}
