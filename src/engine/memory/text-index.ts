import { GrowingArray } from './growing-array.js';
import type { Matches } from './matches.js';
import { Postings } from './postings.js';

/** Lucene's defaults (BM25Similarity). */
const K1 = 1.2;
const B = 0.75;

/**
 * The postings of one text field, scored by BM25 as in Lucene's BM25Similarity but for its one-byte rounding of lengths. Words
 * are runs of letters, marks and digits in lower case; no stemming, no stop words.
 */
export class TextIndex {
  readonly #postings = new Postings();
  /** Words by document; 0 where it has none. */
  readonly #lengths = new GrowingArray(new Uint32Array(16));
  #documents = 0;
  #words = 0;

  static wordsOf(text: string): string[] {
    return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  }

  /** Adds the text of a document; every document is added, in rising order. */
  add(doc: number, text: string): void {
    const words = TextIndex.wordsOf(text);
    this.#lengths.push(words.length);
    if (words.length === 0) return;
    const frequencies = new Map<string, number>();
    for (const word of words) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
    for (const [word, frequency] of frequencies) this.#postings.add(word, doc, frequency);
    this.#documents++;
    this.#words += words.length;
  }

  /** Adds the BM25 score of every word of `text`; a document matches by one of them (`or`) or only by all (`and`). */
  score(text: string, operator: 'or' | 'and', into: Matches): void {
    const words = TextIndex.wordsOf(text);
    const hits = new Uint16Array(into.matched.length);
    for (const word of words) this.#scoreWord(word, into, hits);
    if (operator === 'or') return;
    for (let doc = 0; doc < hits.length; doc++) if (hits[doc]! < words.length) into.matched[doc] = 0;
  }

  #scoreWord(word: string, into: Matches, hits: Uint16Array): void {
    const postings = this.#postings.of(word);
    if (!postings) return;
    const documents = this.#documents;
    const idf = Math.log(1 + (documents - postings.length + 0.5) / (postings.length + 0.5));
    const meanLength = this.#words / documents;
    for (let i = 0; i < postings.length; i++) {
      const doc = postings.docs[i]!;
      const frequency = postings.weights[i]!;
      const norm = K1 * (1 - B + (B * this.#lengths.values[doc]!) / meanLength);
      into.add(doc, Math.fround((idf * frequency) / (frequency + norm)));
      hits[doc]!++;
    }
  }
}
