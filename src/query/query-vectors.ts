import type { SparseVector } from '../sparse/sparse-vector.js';

/** Encodes texts as queries, in one batch; answers in the order of the texts. */
export type EncodeQueries = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly SparseVector[]>;

const DEFAULT_CAPACITY = 10_000;

/**
 * The vectors of query texts: what is asked again is remembered (least recently used texts are forgotten first), and what is new of one
 * body is encoded in one call.
 */
export class QueryVectors {
  /** In order of last use: a `Map` keeps the order of insertion. */
  readonly #remembered = new Map<string, SparseVector>();

  /** @param capacity texts to remember, 1 or more. A vector of a query takes well under a kilobyte. */
  constructor(
    private readonly encode: EncodeQueries,
    private readonly capacity: number = DEFAULT_CAPACITY,
  ) {}

  /** The vectors of `texts`. @throws whatever the encoder throws; nothing is remembered then. */
  async of(texts: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, SparseVector>> {
    const vectors = new Map<string, SparseVector>();
    const fresh: string[] = [];
    // What is remembered is taken now: others may push it out while the rest is encoded, and so may the rest itself.
    for (const text of new Set(texts)) {
      const known = this.#remembered.get(text);
      if (known) vectors.set(text, known);
      else fresh.push(text);
    }
    const encoded = fresh.length === 0 ? [] : await this.encode(fresh, signal);
    for (const [i, text] of fresh.entries()) vectors.set(text, encoded[i]!);
    for (const [text, vector] of vectors) this.#remember(text, vector);
    return vectors;
  }

  #remember(text: string, vector: SparseVector): void {
    this.#remembered.delete(text);
    this.#remembered.set(text, vector);
    if (this.#remembered.size > this.capacity) this.#remembered.delete(this.#remembered.keys().next().value!);
  }
}
