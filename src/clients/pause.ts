/** What is done no oftener than once in a while. */
export class Pause {
  #endsAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ms: number,
    private readonly now: () => number,
  ) {}

  /** Begins again where it is. */
  isOver(): boolean {
    const now = this.now();
    if (now < this.#endsAt) return false;
    this.#endsAt = now + this.ms;
    return true;
  }
}
