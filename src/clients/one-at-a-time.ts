/**
 * Something that is read one time after the other: of two readings at once, the answer of the one that was begun first might come last. Who asks while
 * one is under way shares the next, which begins no earlier than they asked.
 */
export class OneAtATime<Answer> {
  #underWay: Promise<Answer> | undefined;
  #next: Promise<Answer> | undefined;

  /** What is being read, or will be next; `undefined` where nothing is. It may have begun before now. */
  get latest(): Promise<Answer> | undefined {
    return this.#next ?? this.#underWay;
  }

  /** An answer to a reading that begins now or later: by `read`, or by that of another who waits for the same. */
  read(read: () => Promise<Answer>): Promise<Answer> {
    if (!this.latest) return this.#begin(read);
    this.#next ??= this.#underWay!.catch(() => {}).then(() => {
      this.#next = undefined;
      return this.#begin(read);
    });
    return this.#next;
  }

  #begin(read: () => Promise<Answer>): Promise<Answer> {
    this.#underWay = read().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }
}
