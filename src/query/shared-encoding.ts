import type { SparseVector } from '../sparse/sparse-vector.js';

/** Encodes texts as queries, in one batch; answers in the order of the texts. */
export type EncodeQueries = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly SparseVector[]>;

/** One call of an encoder that several callers wait for. It is broken off when the last of them has left. */
export class SharedEncoding {
  /** The vectors by text; none where the encoder failed. It never rejects. */
  readonly ended: Promise<ReadonlyMap<string, SparseVector>>;
  readonly #vectors: Promise<ReadonlyMap<string, SparseVector>>;
  readonly #leaving = new AbortController();
  #waiting = 0;

  constructor(texts: readonly string[], encode: EncodeQueries) {
    this.#vectors = encode(texts, this.#leaving.signal).then(
      (encoded) => new Map(texts.map((text, i) => [text, encoded[i]!])),
    );
    this.ended = this.#vectors.catch(() => new Map());
  }

  get isBrokenOff(): boolean {
    return this.#leaving.signal.aborted;
  }

  /** By text. @param signal this caller's. @throws what the encoder throws; the signal's reason when aborted, at once. */
  async vectors(signal?: AbortSignal): Promise<ReadonlyMap<string, SparseVector>> {
    if (!signal) {
      this.#waiting += 1;
      return this.#vectors;
    }
    let leave = () => {};
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason);
    });
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting += 1;
    try {
      return await Promise.race([this.#vectors, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#waiting -= 1;
      if (signal.aborted && this.#waiting === 0) this.#leaving.abort(signal.reason);
    }
  }
}
