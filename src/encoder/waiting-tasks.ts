import type { EncodedTask, EncodeTask } from './worker-messages.js';

/** A caller's task that waits for a thread, or shares one with others. */
export class WaitingTask {
  readonly done: Promise<EncodedTask>;
  resolve!: (result: EncodedTask) => void;
  reject!: (reason: unknown) => void;

  constructor(
    readonly task: EncodeTask,
    readonly signal: AbortSignal | undefined,
  ) {
    this.done = new Promise((onResolve, onReject) => {
      this.resolve = onResolve;
      this.reject = onReject;
    });
  }
}

/**
 * Tasks in the order in which they came. {@link take} joins small ones: a model's weights are read from memory once for all texts
 * of a batch, so eight queries at once take little longer than one.
 */
export class WaitingTasks {
  #tasks: WaitingTask[] = [];

  add(waiting: WaitingTask): void {
    this.#tasks.push(waiting);
  }

  remove(waiting: WaitingTask): void {
    this.#tasks = this.#tasks.filter((one) => one !== waiting);
  }

  removeAll(): WaitingTask[] {
    return this.#tasks.splice(0);
  }

  /** The first task, with others of its role as long as their texts are `mostTexts` at most together; none where none waits. */
  take(mostTexts: number): WaitingTask[] {
    const [first] = this.#tasks;
    if (!first) return [];
    const taken = [first];
    let texts = first.task.texts.length;
    for (const one of this.#tasks.slice(1)) {
      if (one.task.as !== first.task.as || texts + one.task.texts.length > mostTexts) continue;
      taken.push(one);
      texts += one.task.texts.length;
    }
    const gone = new Set(taken);
    this.#tasks = this.#tasks.filter((one) => !gone.has(one));
    return taken;
  }
}
