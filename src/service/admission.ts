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
  /** Works that wait for room, in the order of coming. */
  readonly #waiting: { readonly texts: number; readonly enter: () => void }[] = [];

  constructor(readonly options: AdmissionOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** Texts inside. */
  get inside(): number {
    return this.#inside;
  }

  /** Does the work on `texts` texts, or refuses it at once. @throws {ServiceOverloaded} */
  async admit<T>(texts: number, work: () => Promise<T>): Promise<T> {
    if (!this.#hasRoomFor(texts)) throw this.#overloaded();
    this.#enter(texts);
    return this.#inTurn(texts, work);
  }

  /** Does the work on `texts` texts, no more than it holds, once there is room for them. @throws the signal's reason when aborted before. */
  async admitInTurn<T>(texts: number, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#hasRoomFor(texts)) this.#enter(texts);
    else await this.#turn(texts, signal);
    return this.#inTurn(texts, work);
  }

  /** The fault for work that is given up after it was let in. */
  tooLate(deadlineMs: number): ServiceOverloaded {
    return new ServiceOverloaded(this.#inside, this.#retryAfter(), `no answer within the deadline of ${deadlineMs} ms`);
  }

  #hasRoomFor(texts: number): boolean {
    return this.#inside + texts <= this.options.texts;
  }

  #enter(texts: number): void {
    if (this.#inside === 0) this.#lastDone = this.#now();
    this.#inside += texts;
  }

  async #inTurn<T>(texts: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#inside -= texts;
      this.#measure(texts);
      this.#wake();
    }
  }

  /** Resolves when it has entered: the place is handed over, so that nobody who comes meanwhile takes it. */
  #turn(texts: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
        this.#wake();
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        this.#enter(texts);
        resolve();
      };
      const waiting = { texts, enter };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #wake(): void {
    while (this.#waiting[0] && this.#hasRoomFor(this.#waiting[0].texts)) this.#waiting.shift()!.enter();
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
