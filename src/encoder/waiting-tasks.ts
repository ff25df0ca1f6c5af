import { isDeepStrictEqual } from 'node:util';
import type { PromiseWithResolversOf } from './promise-with-resolvers.js';
import type { EncodedTask, EncodeTask } from './worker-messages.js';

/** A caller's task that waits for a thread, or shares one with others. */
export interface WaitingTask extends PromiseWithResolversOf<EncodedTask> {
  readonly task: EncodeTask;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tasks in the order in which they came. {@link take} joins small ones: a thread is woken, and the model's weights are read from
 * memory, once for all of them. Short queries of 16 callers at once were answered a sixth quicker so.
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

  /** The first task, with others of its kind as long as their texts are `mostTexts` at most together; none where none waits. */
  take(mostTexts: number): WaitingTask[] {
    if (this.#tasks.length <= 1) return this.#tasks.splice(0);
    const first = this.#tasks[0]!;
    const taken = [first];
    let texts = first.task.texts.length;
    for (const one of this.#tasks.slice(1)) {
      if (texts >= mostTexts || first.task.apart) break;
      if (!isAlike(one.task, first.task) || texts + one.task.texts.length > mostTexts) continue;
      taken.push(one);
      texts += one.task.texts.length;
    }
    const gone = new Set(taken);
    this.#tasks = this.#tasks.filter((one) => !gone.has(one));
    return taken;
  }
}

/** Whether two tasks differ in their texts only, and neither is to be apart. */
function isAlike(one: EncodeTask, other: EncodeTask): boolean {
  return !one.apart && one.as === other.as && isDeepStrictEqual(one.passages, other.passages);
}
