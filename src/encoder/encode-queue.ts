import { EncoderClosed } from './encoder-faults.js';
import { promiseWithResolvers } from './promise-with-resolvers.js';
import { splitTask } from './split-task.js';
import type { ThreadPool } from './thread-pool.js';
import { type WaitingTask, WaitingTasks } from './waiting-tasks.js';
import type { EncodedTask, EncodeTask } from './worker-messages.js';

/** Texts of a task: enough to fill batches of like length, few enough that others need not wait long, nor one thread for the last task of another. */
export const TEXTS_PER_TASK = 32;

/**
 * The tasks of many callers on one pool of threads. What comes while all threads are at work waits, and small tasks then go together: nobody
 * waits for company, so a lone caller is not slowed. A caller that leaves is answered at once; a task that fails in company is
 * tried alone, so that nobody fails for another's text.
 */
export class EncodeQueue implements AsyncDisposable {
  readonly #waiting = new WaitingTasks();
  #running = 0;
  #closed = false;

  constructor(readonly pool: ThreadPool) {}

  /** @throws {EncoderCrashed} {@link EncoderClosed}; the signal's reason when aborted. */
  async encode(task: EncodeTask, signal?: AbortSignal): Promise<EncodedTask> {
    signal?.throwIfAborted();
    if (this.#closed) throw new EncoderClosed();
    const waiting: WaitingTask = { ...promiseWithResolvers<EncodedTask>(), task, signal };
    const leave = () => {
      this.#waiting.remove(waiting);
      waiting.reject(signal!.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiting.add(waiting);
    this.#start();
    try {
      return await waiting.promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Tasks that wait are refused, those at work are finished; then the threads end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.removeAll()) waiting.reject(new EncoderClosed());
    await this.pool[Symbol.asyncDispose]();
  }

  #start(): void {
    while (this.#running < this.pool.size) {
      const group = this.#waiting.take(TEXTS_PER_TASK);
      if (group.length === 0) return;
      this.#running++;
      void this.#run(group).finally(() => {
        this.#running--;
        this.#start();
      });
    }
  }

  async #run(group: readonly WaitingTask[]): Promise<void> {
    const [first, ...others] = group;
    if (others.length === 0) return this.#runAlone(first!);
    const texts = group.flatMap(({ task }) => task.texts);
    using leaving = new Leaving(group);
    try {
      const whole = await this.pool.encode({ ...first!.task, texts }, leaving.signal);
      const parts = splitTask(
        whole,
        group.map(({ task }) => task.texts.length),
      );
      group.forEach((waiting, i) => {
        waiting.resolve(parts[i]!);
      });
    } catch {
      for (const waiting of group) await this.#runAlone(waiting);
    }
  }

  async #runAlone(waiting: WaitingTask): Promise<void> {
    const alone = this.#running === 1 && waiting.task.texts.length === 1;
    try {
      waiting.resolve(await this.pool.encode({ ...waiting.task, alone }, waiting.signal));
    } catch (thrown) {
      waiting.reject(thrown);
    }
  }
}

/** Whether every caller of a group has left; until then somebody waits for the batch. */
class Leaving implements Disposable {
  readonly #all = new AbortController();
  readonly #group: readonly WaitingTask[];
  #staying: number;

  constructor(group: readonly WaitingTask[]) {
    this.#group = group;
    this.#staying = group.length;
    for (const { signal } of group) {
      if (signal?.aborted) this.#leave();
      else signal?.addEventListener('abort', this.#leave, { once: true });
    }
  }

  /** Aborted when all have left. */
  get signal(): AbortSignal {
    return this.#all.signal;
  }

  readonly #leave = () => {
    this.#staying--;
    if (this.#staying === 0) this.#all.abort();
  };

  [Symbol.dispose](): void {
    for (const { signal } of this.#group) signal?.removeEventListener('abort', this.#leave);
  }
}
