/** Where a pace begins and ends. */
export interface PaceLimits {
  /** The largest bulk request, in bytes. */
  readonly mostBytes: number;
  /** The most bulk requests under way at once. */
  readonly mostAtOnce: number;
}

/** Below this a request's own cost outweighs what is in it. */
const LEAST_BYTES = 64_000;
const FIRST_BYTES = 1_000_000;
/** A request that is answered within this could have been larger; one that takes longer than that should have been smaller. Milliseconds. */
const QUICK_MS = 1000;
const SLOW_MS = 5000;
/** Requests taken in a row, before one more is tried beside them. */
const TAKEN_BEFORE_MORE = 8;

/**
 * How large bulk requests are and how many are under way at once, learned from what the engine takes: a refusal for the moment (429)
 * halves both, slow answers shrink requests, quick ones grow them, little by little.
 */
export class BulkPace {
  readonly #limits: PaceLimits;
  readonly #waiting: (() => void)[] = [];
  #bytes: number;
  #atOnce: number;
  #underWay = 0;
  #takenInARow = 0;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#bytes = Math.min(FIRST_BYTES, limits.mostBytes);
    this.#atOnce = limits.mostAtOnce;
  }

  /** How large the next request should be, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many requests may be under way at once. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** Runs a request when it is its turn. */
  async inTurn<T>(request: () => Promise<T>): Promise<T> {
    while (this.#underWay >= this.#atOnce) await new Promise<void>((resume) => this.#waiting.push(resume));
    this.#underWay++;
    try {
      return await request();
    } finally {
      this.#underWay--;
      for (const resume of this.#waiting.splice(0)) resume();
    }
  }

  /** A request was answered after `ms`, and nothing in it was refused for the moment. */
  taken(ms: number): void {
    if (ms > SLOW_MS) this.#resize(0.7);
    else if (ms < QUICK_MS) this.#resize(1.25);
    this.#takenInARow++;
    if (this.#takenInARow < TAKEN_BEFORE_MORE || this.#atOnce === this.#limits.mostAtOnce) return;
    this.#takenInARow = 0;
    this.#atOnce++;
  }

  /** The engine could not take a request, or a part of it, for the moment. */
  refused(): void {
    this.#takenInARow = 0;
    this.#atOnce = Math.max(1, this.#atOnce >> 1);
    this.#resize(0.5);
  }

  #resize(factor: number): void {
    const { mostBytes } = this.#limits;
    this.#bytes = Math.min(mostBytes, Math.max(Math.min(LEAST_BYTES, mostBytes), Math.round(this.#bytes * factor)));
  }
}
