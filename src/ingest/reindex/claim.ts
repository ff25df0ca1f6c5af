import type { Engine, RequestOptions } from '../../engine/engine.js';
import { claimRun, type Run, stepOn } from './runs.js';

/** Far less than a process may be silent before another one takes its run over, and far more than a note costs. */
const RENEW_EVERY_MS = 60_000;
/** How long a run that breaks off tries to tell of it. */
const LEAVING_MS = 15_000;

/**
 * A run that this process finishes. Replicas, the check and the search for deletions each take hours of a large copy: as long as the claim is held, the
 * notes say each minute that the process lives, so that no other one begins them again.
 */
export class Claim {
  #run: Run;
  #isLost = false;
  #isWriting = false;
  /** One change at a time: each is guarded by what the one before has written. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;
  readonly #left = new AbortController();

  private constructor(
    readonly engine: Engine,
    readonly copy: string,
    claimed: Run,
  ) {
    this.#run = claimed;
    // The process does not live for it.
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS).unref();
  }

  /** Takes it upon a part to finish a run; `undefined` where another part does, or has done so. */
  static async take(
    engine: Engine,
    copy: string,
    run: Run,
    part: number,
    options: RequestOptions,
  ): Promise<Claim | undefined> {
    const claimed = await claimRun(engine, copy, run, part, options);
    return claimed && new Claim(engine, copy, claimed);
  }

  /** The run as this process has written it down last. */
  get run(): Run {
    return this.#run;
  }

  /** Takes the next step. @returns false, and nothing is changed, where another part has taken the run over meanwhile. */
  step(next: Pick<Run, 'state' | 'wasWhole'>, options: RequestOptions): Promise<boolean> {
    const step = this.#last.then(async () => {
      if (this.#isLost) return false;
      this.#isWriting = true;
      try {
        const written = await stepOn(this.engine, this.copy, this.#run, next, options);
        this.#isLost = !written;
        this.#run = written ?? this.#run;
        return !this.#isLost;
      } finally {
        this.#isWriting = false;
      }
    });
    this.#last = step.catch(() => undefined);
    return step;
  }

  /** Lets the run go, as it is then. Not by the caller's signal: an interrupted run says that it has ended, too. */
  async leave(state: Run['state']): Promise<void> {
    clearInterval(this.#timer);
    const signal = AbortSignal.timeout(LEAVING_MS);
    signal.addEventListener('abort', () => this.#left.abort());
    await this.step({ state }, { signal }).catch(() => undefined);
  }

  /** One that fails, on an engine that is away, is made up for by the next. */
  #renew(): void {
    if (!this.#isWriting) this.step({ state: 'finishing' }, { signal: this.#left.signal }).catch(() => undefined);
  }
}
