import type { SparseVector } from '../sparse/sparse-vector.js';
import { type EncodeQueries, SharedEncoding } from './shared-encoding.js';

const DEFAULT_CAPACITY = 10_000;
/** Longer texts are not remembered: they are seldom asked twice, and could take a gigabyte. */
const LONGEST_REMEMBERED = 1000;

/**
 * The vectors of query texts: what is asked again is remembered (least recently used texts are forgotten first), what is new of one
 * body is encoded in one call, and who asks for a text that is being encoded waits for the same.
 */
export class QueryVectors {
  /** In order of last use: a `Map` keeps the order of insertion. */
  readonly #remembered = new Map<string, SparseVector>();
  readonly #underWay = new Map<string, SharedEncoding>();

  /** @param capacity texts to remember, 1 or more; none of over 1000 characters. A vector of a query takes well under a kilobyte. */
  constructor(
    private readonly encode: EncodeQueries,
    private readonly capacity: number = DEFAULT_CAPACITY,
  ) {}

  /**
   * The vectors of `texts`.
   * @param signal ends the waiting, and the encoding that nobody else waits for.
   * @throws whatever the encoder throws, and nothing is remembered then; the signal's reason when aborted.
   */
  async of(texts: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, SparseVector>> {
    const vectors = new Map<string, SparseVector>();
    const missing: string[] = [];
    for (const text of new Set(texts)) {
      const known = this.#remembered.get(text);
      if (known) {
        vectors.set(text, known);
        this.#remember(text, known);
      } else missing.push(text);
    }
    if (missing.length === 0) return vectors;
    signal?.throwIfAborted();
    const encodings = this.#encodingsOf(missing);
    const encoded = await Promise.all([...new Set(encodings)].map((one) => one.vectors(signal)));
    const vectorOf = new Map(encoded.flatMap((one) => [...one]));
    for (const text of missing) vectors.set(text, vectorOf.get(text)!);
    return vectors;
  }

  /** What each text is encoded by: what is under way, or one call for all others. */
  #encodingsOf(texts: readonly string[]): readonly SharedEncoding[] {
    const fresh = texts.filter((text) => this.#underWay.get(text)?.isBrokenOff !== false);
    if (fresh.length > 0) this.#begin(fresh);
    return texts.map((text) => this.#underWay.get(text)!);
  }

  #begin(texts: readonly string[]): void {
    const encoding = new SharedEncoding(texts, this.encode);
    for (const text of texts) this.#underWay.set(text, encoding);
    void encoding.ended.then((vectors) => {
      for (const text of texts) if (this.#underWay.get(text) === encoding) this.#underWay.delete(text);
      for (const [text, vector] of vectors) this.#remember(text, vector);
    });
  }

  #remember(text: string, vector: SparseVector): void {
    this.#remembered.delete(text);
    if (text.length > LONGEST_REMEMBERED) return;
    this.#remembered.set(text, vector);
    if (this.#remembered.size > this.capacity) this.#remembered.delete(this.#remembered.keys().next().value!);
  }
}
