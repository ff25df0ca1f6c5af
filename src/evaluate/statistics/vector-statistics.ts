import type { Vocabulary } from '../../sparse/vocabulary.js';
import { mean, percentile } from '../percentile.js';
import type { CutTexts } from './cut-texts.js';

/** A spread of counts. */
interface Spread {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

/** What one term costs and does in a collection. */
export interface TermStatistics {
  readonly token: string;
  /** Documents with the term: what a query that has it must read. */
  readonly documents: number;
  /** Its share of all weight. */
  readonly share: number;
  /** Standard deviation of its weight over all documents, absent ones as 0: how far it can move documents apart. */
  readonly deviation: number;
}

/** Statistics of the vectors of a collection. */
export interface VectorStatistics {
  readonly vectors: number;
  readonly empty: number;
  /** Entries a vector. */
  readonly nonZeros: Spread;
  /** Different terms: posting lists. */
  readonly terms: number;
  /** Documents a posting list. */
  readonly postings: Spread;
  /**
   * Expected multiplications for a query and a document: the sum over terms of the share of documents with the term times the share of
   * queries with it (Paria et al., ICLR 2020); documents stand for queries where none were given.
   */
  readonly flops: number;
  /** Weight held by the 100 heaviest terms, as a share. */
  readonly shareOfTop100: number;
  readonly heaviest: readonly TermStatistics[];
  /** Terms in a tenth of the documents and more that move documents least for what they cost: candidates for pruning. */
  readonly costliest: readonly TermStatistics[];
  /** Of the postings, estimated: gaps between documents and 16 bits of weight. Not `_source`, nor what the engine adds. */
  readonly estimatedBytes: number;
  /** Entries of the model's vocabulary that no vector has, and terms that are not in it; where the vocabulary is known. */
  readonly vocabulary?: { readonly size: number; readonly unused: number; readonly foreign: number };
  /** Where texts were looked at. */
  readonly texts?: CutTexts;
  /** What looks wrong, in words; empty where nothing does. */
  readonly flags: readonly string[];
}

/** What is known beside the vectors. */
export interface StatisticsContext {
  /** Of the model that made them. */
  readonly vocabulary?: Vocabulary;
  readonly texts?: CutTexts;
}

interface TermSums {
  documents: number;
  mass: number;
  squares: number;
}

const LISTED = 20;
const STOP_LIKE_SHARE = 0.1;
const SATURATED_SHARE = 0.01;
const WEIGHT_BITS = 16;

/** Counts vectors one by one, in memory for the terms and one number a vector. */
export class VectorTally {
  readonly #terms = new Map<string, TermSums>();
  readonly #sizes: number[] = [];
  readonly #queryTerms = new Map<string, number>();
  #queries = 0;
  #largest = 0;
  #atLargest = 0;
  #negative = 0;

  add(vector: Readonly<Record<string, number>>): void {
    const entries = Object.entries(vector);
    this.#sizes.push(entries.length);
    for (const [token, weight] of entries) {
      const sums = this.#terms.get(token) ?? { documents: 0, mass: 0, squares: 0 };
      sums.documents++;
      sums.mass += weight;
      sums.squares += weight * weight;
      this.#terms.set(token, sums);
      if (weight < 0) this.#negative++;
      if (weight > this.#largest) [this.#largest, this.#atLargest] = [weight, 0];
      if (weight === this.#largest) this.#atLargest++;
    }
  }

  /** Counts a query's terms, for the FLOPS measure. */
  addQuery(tokens: Iterable<string>): void {
    this.#queries++;
    for (const token of tokens) this.#queryTerms.set(token, (this.#queryTerms.get(token) ?? 0) + 1);
  }

  statistics({ vocabulary, texts }: StatisticsContext = {}): VectorStatistics {
    const vectors = this.#sizes.length;
    const entries = this.#sizes.reduce((sum, size) => sum + size, 0);
    const mass = [...this.#terms.values()].reduce((sum, term) => sum + term.mass, 0);
    const terms = [...this.#terms].map(([token, sums]) => termStatistics(token, sums, vectors, mass));
    const byShare = [...terms].sort((a, b) => b.share - a.share);
    const used = vocabulary && this.#usedOf(vocabulary);
    const stopLike = terms.filter(({ documents }) => documents >= STOP_LIKE_SHARE * vectors);
    return {
      vectors,
      empty: this.#sizes.filter((size) => size === 0).length,
      nonZeros: spreadOf(this.#sizes),
      terms: terms.length,
      postings: spreadOf(terms.map(({ documents }) => documents)),
      flops: this.#flops(vectors),
      shareOfTop100: byShare.slice(0, 100).reduce((sum, { share }) => sum + share, 0),
      heaviest: byShare.slice(0, LISTED),
      costliest: stopLike.sort((a, b) => a.deviation / a.documents - b.deviation / b.documents).slice(0, LISTED),
      estimatedBytes: Math.round(terms.reduce((sum, { documents }) => sum + postingBytes(documents, vectors), 0)),
      ...(used && { vocabulary: used }),
      ...(texts && { texts }),
      flags: [...this.#flags(vectors, entries), ...flagsBeside(used?.foreign, texts)],
    };
  }

  #flops(vectors: number): number {
    let sum = 0;
    for (const [token, { documents }] of this.#terms) {
      const share = this.#queries > 0 ? (this.#queryTerms.get(token) ?? 0) / this.#queries : documents / vectors;
      sum += (documents / vectors) * share;
    }
    return sum;
  }

  #usedOf(vocabulary: Vocabulary) {
    const foreign = [...this.#terms.keys()].filter((token) => vocabulary.idOf(token) === undefined).length;
    const { size } = new Set(vocabulary.tokens);
    return { size, unused: size - (this.#terms.size - foreign), foreign };
  }

  #flags(vectors: number, entries: number): string[] {
    const flags: string[] = [];
    const empty = this.#sizes.filter((size) => size === 0).length;
    if (empty > 0) flags.push(`${empty} of ${vectors} vectors are empty: no sparse query finds them`);
    if (this.#atLargest > Math.max(1, SATURATED_SHARE * entries)) {
      flags.push(
        `${this.#atLargest} of ${entries} weights are exactly the largest, ${this.#largest}: they look cut off`,
      );
    }
    if (this.#negative > 0) flags.push(`${this.#negative} of ${entries} weights are negative: no engine takes them`);
    const everywhere = [...this.#terms.values()].filter(({ documents }) => documents === vectors).length;
    if (vectors > 1 && everywhere > 0)
      flags.push(`${everywhere} terms are in every vector: they cost and decide little`);
    return flags;
  }
}

/** What looks wrong beside the vectors themselves. */
function flagsBeside(foreign = 0, texts?: CutTexts): string[] {
  const flags: string[] = [];
  if (foreign > 0) flags.push(`${foreign} terms are not in the model's vocabulary: no query of it has them`);
  if (texts && texts.cut > 0) {
    flags.push(
      `${texts.cut} of ${texts.drawn} documents drawn are longer than the model takes: their ends are in no vector`,
    );
  }
  return flags;
}

function termStatistics(token: string, sums: TermSums, vectors: number, mass: number): TermStatistics {
  const average = sums.mass / vectors;
  const variance = Math.max(0, sums.squares / vectors - average * average);
  return { token, documents: sums.documents, share: mass > 0 ? sums.mass / mass : 0, deviation: Math.sqrt(variance) };
}

/** Gaps between the documents of a posting list take about the logarithm of their mean. */
function postingBytes(documents: number, vectors: number): number {
  return (documents * (WEIGHT_BITS + Math.log2(vectors / documents) + 1)) / 8;
}

function spreadOf(values: readonly number[]): Spread {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  return { mean: mean(values), p50: percentile(values, 0.5), p95: percentile(values, 0.95), most };
}
