import { EngineRefused } from '../engine-faults.js';

/** The slowest encoder needs minutes for the passages of one page. */
const WANTED = '30m';
/** What a cluster takes that has less as its limit (`search.max_keep_alive`, OpenSearch's `point_in_time.max_keep_alive`): by default contexts live as long. */
const MODEST = '5m';

/**
 * How long an engine keeps a point in time or a scroll after each page. Each is closed when it has been read; one that a killed process leaves
 * behind holds deleted documents, merged segments and one of a few hundred contexts for as long.
 */
export class KeepAlive {
  #time = WANTED;

  /** Asks by the time that the engine takes, which its first refusal tells for good. */
  async ask<Answer>(by: (time: string) => Promise<Answer>): Promise<Answer> {
    const time = this.#time;
    try {
      return await by(time);
    } catch (thrown) {
      if (time === MODEST || !isTooLong(thrown)) throw thrown;
      this.#time = MODEST;
      return by(MODEST);
    }
  }
}

/** Of both engines' words: "Keep alive for request (30m) is too large. It must be less than (10m)" (SearchService). */
function isTooLong(thrown: unknown): boolean {
  return thrown instanceof EngineRefused && /keep alive for .* is too large/i.test(thrown.reason);
}
