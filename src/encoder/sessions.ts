import { READ_TWICE_UP_TO } from '../model/graph-files.js';

/** How encoding threads are shared out among sessions, each of which has the model in memory. */
export interface Sessions {
  readonly count: number;
  /** Threads of each: all of them work on one product. */
  readonly threads: number;
}

/**
 * A session for each thread, none of which waits for another; or one for all, where a model is so large that it should be in memory once. Its products are
 * large enough to be shared out: of BERT-base's size in float32, two threads of one session encoded 1.1 times as many documents as two sessions, and answered
 * a query in 0.6 of the time.
 * @param threads how many encode
 * @param bytes of the compiled model
 */
export function sessionsFor(threads: number, bytes: number): Sessions {
  return bytes > READ_TWICE_UP_TO ? { count: 1, threads } : { count: threads, threads: 1 };
}
