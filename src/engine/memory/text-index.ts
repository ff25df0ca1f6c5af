import type { Analyzer } from './analyzers.js';
import { boosted } from './boosted.js';
import { GrowingArray } from './growing-array.js';
import type { Matches } from './matches.js';
import type { PostingList } from './posting-list.js';
import { Postings } from './postings.js';

const { fround } = Math;

/** Lucene's defaults (BM25Similarity), float32. */
const K1 = fround(1.2);
const B = fround(0.75);

/** The postings of one text field, scored as Lucene's BM25Similarity does, each step in float32. */
export class TextIndex {
  readonly #postings = new Postings();
  /** Words by document, as Lucene's norms keep them; 0 where it has none. */
  readonly #lengths = new GrowingArray(new Uint32Array(16));
  /** By document, up to and with it: documents that have words, and all their words. A snapshot has the statistics of its own documents. */
  readonly #documents = new GrowingArray(new Uint32Array(16));
  readonly #words = new GrowingArray(new Float64Array(16));

  constructor(readonly analyzer: Analyzer) {}

  /** Adds the text of a document; every document is added, in rising order. */
  add(doc: number, text: string): void {
    const words = this.analyzer(text);
    this.#lengths.push(storedLength(words.length));
    this.#documents.push((this.#documents.values[doc - 1] ?? 0) + Number(words.length > 0));
    this.#words.push((this.#words.values[doc - 1] ?? 0) + words.length);
    for (const [word, frequency] of frequenciesOf(words)) this.#postings.add(word, doc, frequency);
  }

  /**
   * Adds the BM25 score of every word of `text`, by the statistics of the documents asked: those of the scope of `into`.
   * @param boost a float32.
   * @param least how many of so many words a document must have at least.
   */
  score(text: string, boost: number, into: Matches, least: (words: number) => number): void {
    const words = this.analyzer(text);
    const asked = into.matched.length;
    const statistics = { documents: this.#documents.values[asked - 1] ?? 0, words: this.#words.values[asked - 1] ?? 0 };
    const hits = new Uint16Array(asked);
    // A word that stands twice is one clause of twice the boost (BooleanQuery.rewrite), and counts twice.
    for (const [word, times] of frequenciesOf(words)) {
      const postings = this.#postings.of(word);
      if (!postings) continue;
      this.#scorePostings(postings, boosted(boost, times), statistics, into);
      for (let i = postings.below(asked) - 1; i >= 0; i--) hits[postings.docs[i]!]! += times;
    }
    const wanted = least(words.length);
    if (wanted > 1) into.keepWhere((doc) => hits[doc]! >= wanted);
  }

  #scorePostings(postings: PostingList, boost: number, { documents, words }: Statistics, into: Matches): void {
    const length = postings.below(into.matched.length);
    const idf = fround(Math.log(1 + (documents - length + 0.5) / (length + 0.5)));
    const weight = fround(boost * idf);
    const meanLength = fround(words / documents);
    for (let i = 0; i < length; i++) {
      const doc = postings.docs[i]!;
      const norm = fround(K1 * fround(fround(1 - B) + fround(fround(B * this.#lengths.values[doc]!) / meanLength)));
      const saturation = fround(1 + fround(postings.weights[i]! * fround(1 / norm)));
      into.add(doc, fround(weight - fround(weight / saturation)));
    }
  }
}

/** Of documents that have a text: how many, and how many words they have. */
interface Statistics {
  readonly documents: number;
  readonly words: number;
}

function frequenciesOf(words: readonly string[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const word of words) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return frequencies;
}

/** Lengths that fit in a byte whole; beyond them 4 significant bits of the rest are kept (Lucene's SmallFloat.intToByte4). */
const WHOLE_LENGTHS = 24;
const SIGNIFICANT_BITS = 4;

function storedLength(length: number): number {
  if (length < WHOLE_LENGTHS) return length;
  const rest = length - WHOLE_LENGTHS;
  const dropped = Math.max(0, 32 - Math.clz32(rest) - SIGNIFICANT_BITS);
  return WHOLE_LENGTHS + ((rest >>> dropped) << dropped);
}
