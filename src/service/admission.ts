import { ServiceOverloaded } from './service-faults.js';

export interface AdmissionOptions {
  /** Texts that are held at once, those at work included; whoever comes with more is told to come later. */
  readonly texts: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

const LONGEST_RETRY_S = 30;
/** How much of the measured rate the last piece of work decides. */
const WEIGHT_OF_LAST = 0.2;

/**
 * The one door to an encoder: counts the texts inside and lets no more in than it holds, so that what is inside is done in a time
 * that does not grow with the crowd outside.
 */
export class Admission {
  readonly #now: () => number;
  #inside = 0;
  /** Milliseconds for one text of late, with others at work beside it. */
  #perText = 0;
  #lastDone = 0;

  constructor(readonly options: AdmissionOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** Texts inside. */
  get inside(): number {
    return this.#inside;
  }

  /** Does the work on `texts` texts, or refuses it at once. @throws {ServiceOverloaded} */
  async admit<T>(texts: number, work: () => Promise<T>): Promise<T> {
    if (this.#inside + texts > this.options.texts) throw this.#overloaded();
    if (this.#inside === 0) this.#lastDone = this.#now();
    this.#inside += texts;
    try {
      return await work();
    } finally {
      this.#inside -= texts;
      this.#measure(texts);
    }
  }

  /** The fault for work that is given up after it was let in. */
  tooLate(deadlineMs: number): ServiceOverloaded {
    return new ServiceOverloaded(this.#inside, this.#retryAfter(), `no answer within the deadline of ${deadlineMs} ms`);
  }

  #overloaded(): ServiceOverloaded {
    const found = `${this.#inside} texts wait or are at work, of at most ${this.options.texts}`;
    return new ServiceOverloaded(this.#inside, this.#retryAfter(), found);
  }

  #retryAfter(): number {
    return Math.min(LONGEST_RETRY_S, Math.max(1, Math.ceil((this.#inside * this.#perText) / 1000)));
  }

  #measure(texts: number): void {
    if (texts === 0) return;
    const now = this.#now();
    const took = (now - this.#lastDone) / texts;
    this.#perText += (took - this.#perText) * WEIGHT_OF_LAST;
    this.#lastDone = now;
  }
}
