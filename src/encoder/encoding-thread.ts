import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EncoderUnusable, EncodingFailed } from './encoder-faults.js';
import type { EncodedTask, EncodeTask, WorkerAnswer, WorkerSetup } from './worker-messages.js';

/** The thread ended while it was at work. Not a fault yet: the task may be tried on another. */
export class ThreadEnded extends Error {}

/** One worker thread, which does one task at a time. It keeps the process alive only while it works. */
export class EncodingThread {
  readonly #worker: Worker;
  #ended: Error | undefined;

  private constructor(setup: WorkerSetup) {
    this.#worker = new Worker(new URL('./encoding-worker.js', import.meta.url), { workerData: setup });
    this.#worker.on('error', (thrown) => {
      this.#ended = new ThreadEnded(thrown.message, { cause: thrown });
    });
    this.#worker.on('exit', (code) => {
      this.#ended ??= new ThreadEnded(`it ended with code ${code}`);
    });
  }

  /** A thread with the model loaded. @throws {EncoderUnusable} {@link ThreadEnded} */
  static async start(setup: WorkerSetup): Promise<EncodingThread> {
    const thread = new EncodingThread(setup);
    try {
      const answer = await thread.#answer();
      if (answer.kind === 'unusable') throw new EncoderUnusable(answer.file, answer.found, answer.remedy);
      thread.#worker.unref();
      return thread;
    } catch (thrown) {
      await thread.end();
      throw thrown;
    }
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** @throws the signal's reason when it is aborted, before the next batch. @throws {ThreadEnded} */
  async encode(texts: readonly string[], signal?: AbortSignal): Promise<EncodedTask> {
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => void Atomics.store(cancelled, 0, 1);
    signal?.addEventListener('abort', cancel, { once: true });
    this.#worker.ref();
    try {
      this.#worker.postMessage({ texts, cancelled } satisfies EncodeTask);
      const answer = await this.#answer();
      if (answer.kind === 'encoded') return answer.result;
      signal?.throwIfAborted();
      throw new EncodingFailed(texts.length, answer.kind === 'failed' ? answer.found : answer.kind);
    } finally {
      this.#worker.unref();
      signal?.removeEventListener('abort', cancel);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The next message. @throws {ThreadEnded} when the thread ends first. */
  async #answer(): Promise<WorkerAnswer> {
    const waiting = new AbortController();
    const { signal } = waiting;
    const ended = once(this.#worker, 'exit', { signal }).then(() => Promise.reject(this.#ended));
    const message = once(this.#worker, 'message', { signal }) as Promise<[WorkerAnswer]>;
    message.catch(() => {});
    ended.catch(() => {});
    try {
      if (this.#ended) throw this.#ended;
      const [answer] = await Promise.race([message, ended]);
      return answer;
    } finally {
      waiting.abort();
    }
  }
}
