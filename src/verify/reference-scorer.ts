import type { Dialect, WeightedFeature } from '../dialect/dialect.js';
import { featureProduct } from '../query/matched-terms.js';
import { BoundedHeap } from '../sparse/bounded-heap.js';
import { type ExpectedScore, expectedScore } from './expected-score.js';

/** A document with the score that an engine must give it. */
export interface ScoredDocument {
  readonly id: string;
  readonly expected: ExpectedScore;
}

/** What the reference scorer found for one query. */
export interface ReferenceRanking {
  /** The best `top` documents, by falling score, equal scores by rising id. */
  readonly best: readonly ScoredDocument[];
  /** How many documents share a feature with the query. */
  readonly matching: number;
  /** The expected scores of the documents that were watched and share a feature. */
  readonly watched: ReadonlyMap<string, ExpectedScore>;
}

/** A query for the reference scorer: the features as they are sent to the engine. */
export interface ReferenceQuery {
  readonly features: readonly WeightedFeature[];
  /** Documents whose expected score is wanted wherever they rank: those that the engine returned. */
  readonly watch?: Iterable<string>;
}

/**
 * Scores documents one by one against many queries at once, exactly as an engine must. It shares no scoring with the memory
 * engine (only the heap that keeps the best), and keeps only the best of each query: memory does not grow with the documents.
 */
export interface ReferenceScorer {
  /** Takes one document, by the features as they stand in its source. */
  add(id: string, features: Readonly<Record<string, number>>): void;
  /** How many documents were taken. */
  readonly documents: number;
  /** The rankings, in the order of the queries. */
  rankings(): ReferenceRanking[];
}

/** @param top how many documents of each query to keep. */
export function referenceScorer(
  queries: readonly ReferenceQuery[],
  options: { readonly dialect: Pick<Dialect, 'stored'>; readonly top: number },
): ReferenceScorer {
  return new StreamingScorer(queries, options.dialect, options.top);
}

interface Ranking {
  readonly heap: BoundedHeap<ScoredDocument>;
  readonly watch: ReadonlySet<string>;
  readonly watched: Map<string, ExpectedScore>;
  matching: number;
}

class StreamingScorer implements ReferenceScorer {
  documents = 0;
  readonly #dialect: Pick<Dialect, 'stored'>;
  /** Of each feature, the queries that ask for it, and with what weight. */
  readonly #askers = new Map<string, { readonly query: number; readonly weight: number }[]>();
  readonly #rankings: Ranking[];
  readonly #sums: Float64Array;
  readonly #products: Uint32Array;

  constructor(queries: readonly ReferenceQuery[], dialect: Pick<Dialect, 'stored'>, top: number) {
    this.#dialect = dialect;
    this.#sums = new Float64Array(queries.length);
    this.#products = new Uint32Array(queries.length);
    this.#rankings = queries.map(({ watch = [] }) => ({
      heap: new BoundedHeap(top, betterFirst),
      watch: new Set(watch),
      watched: new Map(),
      matching: 0,
    }));
    queries.forEach(({ features }, query) => {
      for (const { name, weight } of features) this.#askersOf(name).push({ query, weight });
    });
  }

  add(id: string, features: Readonly<Record<string, number>>): void {
    this.documents++;
    this.#sums.fill(0);
    this.#products.fill(0);
    for (const name in features) this.#addFeature(name, features[name]!);
    this.#rankings.forEach((ranking, query) => {
      const products = this.#products[query]!;
      if (products > 0) settle(ranking, id, expectedScore(this.#sums[query]!, products));
    });
  }

  rankings(): ReferenceRanking[] {
    return this.#rankings.map(({ heap, matching, watched }) => ({ best: heap.drainBestFirst(), matching, watched }));
  }

  #addFeature(name: string, weight: number): void {
    const askers = this.#askers.get(name);
    if (!askers) return;
    const stored = this.#dialect.stored(weight);
    if (stored === 0) return;
    for (const asker of askers) {
      this.#sums[asker.query]! += featureProduct(asker.weight, stored);
      this.#products[asker.query]!++;
    }
  }

  #askersOf(name: string): { query: number; weight: number }[] {
    let askers = this.#askers.get(name);
    if (!askers) {
      askers = [];
      this.#askers.set(name, askers);
    }
    return askers;
  }
}

function settle(ranking: Ranking, id: string, expected: ExpectedScore): void {
  ranking.matching++;
  ranking.heap.offer({ id, expected });
  if (ranking.watch.has(id)) ranking.watched.set(id, expected);
}

function betterFirst(a: ScoredDocument, b: ScoredDocument): number {
  return a.expected.score - b.expected.score || (a.id < b.id ? 1 : -1);
}
