import type { Analyzer } from './analyzers.js';
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
  #documents = 0;
  #words = 0;

  constructor(readonly analyzer: Analyzer) {}

  /** Adds the text of a document; every document is added, in rising order. */
  add(doc: number, text: string): void {
    const words = this.analyzer(text);
    this.#lengths.push(storedLength(words.length));
    if (words.length === 0) return;
    for (const [word, frequency] of frequenciesOf(words)) this.#postings.add(word, doc, frequency);
    this.#documents++;
    this.#words += words.length;
  }

  /** Adds the BM25 score of every word of `text`; a document matches by one of them (`or`) or only by all (`and`). */
  score(text: string, operator: 'or' | 'and', into: Matches): void {
    // A word that stands twice is one clause of twice the boost (BooleanQuery.rewrite).
    const words = frequenciesOf(this.analyzer(text));
    const hits = new Uint16Array(into.matched.length);
    for (const [word, boost] of words) {
      const postings = this.#postings.of(word);
      if (postings) this.#scorePostings(postings, boost, into, hits);
    }
    if (operator === 'or') return;
    for (let doc = 0; doc < hits.length; doc++) if (hits[doc]! < words.size) into.matched[doc] = 0;
  }

  #scorePostings(postings: PostingList, boost: number, into: Matches, hits: Uint16Array): void {
    const idf = fround(Math.log(1 + (this.#documents - postings.length + 0.5) / (postings.length + 0.5)));
    const weight = fround(boost * idf);
    const meanLength = fround(this.#words / this.#documents);
    for (let i = 0; i < postings.length; i++) {
      const doc = postings.docs[i]!;
      if (doc >= hits.length) break;
      const norm = fround(K1 * fround(fround(1 - B) + fround(fround(B * this.#lengths.values[doc]!) / meanLength)));
      const saturation = fround(1 + fround(postings.weights[i]! * fround(1 / norm)));
      into.add(doc, fround(weight - fround(weight / saturation)));
      hits[doc]!++;
    }
  }
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
