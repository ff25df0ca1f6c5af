/** How encoding threads are shared out among sessions, each of which has the model in memory. */
export interface Sessions {
  readonly count: number;
  /** Threads of each: all of them work on one product. */
  readonly threads: number;
}

/** Threads of a session: more of them would wait for one another in products of a batch's few hundred tokens. Two have been measured. */
const MOST_THREADS = 4;

/**
 * A session for each thread, none of which waits for another; or, for a model that should be in memory no more often than need be, one for four threads. Its
 * products are large enough to be shared out: of BERT-base's size in float32, two threads of one session encoded 1.1 times as many documents as two sessions,
 * and answered a query in 0.6 of the time.
 * @param threads how many encode
 * @param isLarge whether the model is such a one
 */
export function sessionsFor(threads: number, isLarge: boolean): Sessions {
  if (!isLarge) return { count: threads, threads: 1 };
  const count = Math.ceil(threads / MOST_THREADS);
  return { count, threads: Math.ceil(threads / count) };
}
