import type { Dialect, WeightedFeature } from '../dialect/dialect.js';
import type { StoredVector } from '../dialect/kept-passages.js';
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
  /**
   * Takes one document, by the features of its vector as they stand in its source. Of several vectors, those of its passages, the best one's
   * score is the document's.
   */
  add(id: string, ...vectors: readonly StoredVector[]): void;
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

  add(id: string, ...vectors: readonly StoredVector[]): void {
    this.documents++;
    // Most documents have one vector, and nothing to compare it with.
    const [first = [], ...others] = vectors.map((features) => this.#scoresOf(features));
    others.reduce(bestOfEach, first).forEach((expected, query) => {
      if (expected) settle(this.#rankings[query]!, id, expected);
    });
  }

  rankings(): ReferenceRanking[] {
    return this.#rankings.map(({ heap, matching, watched }) => ({ best: heap.drainBestFirst(), matching, watched }));
  }

  /** The score of one vector for each query; none where they share no feature. */
  #scoresOf(features: StoredVector): Scores {
    this.#sums.fill(0);
    this.#products.fill(0);
    for (const name in features) this.#addFeature(name, features[name]!);
    return Array.from(this.#products, (products, query) =>
      products > 0 ? expectedScore(this.#sums[query]!, products) : undefined,
    );
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

/** Expected scores by query. */
type Scores = readonly (ExpectedScore | undefined)[];

function bestOfEach(best: Scores, scores: Scores): Scores {
  return scores.map((one, query) => highest(best[query], one));
}

/** A maximum grows with each of its parts: so do the lowest and the highest that it can be. */
function highest(one: ExpectedScore | undefined, other: ExpectedScore | undefined): ExpectedScore | undefined {
  if (!one || !other) return one ?? other;
  return {
    score: Math.max(one.score, other.score),
    lowest: Math.max(one.lowest, other.lowest),
    highest: Math.max(one.highest, other.highest),
  };
}

function settle(ranking: Ranking, id: string, expected: ExpectedScore): void {
  ranking.matching++;
  ranking.heap.offer({ id, expected });
  if (ranking.watch.has(id)) ranking.watched.set(id, expected);
}

function betterFirst(a: ScoredDocument, b: ScoredDocument): number {
  return a.expected.score - b.expected.score || (a.id < b.id ? 1 : -1);
}
