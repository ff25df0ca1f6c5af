import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import type { Engine } from '../../engine/engine.js';
import type { Fusion } from '../../query/strategies/fusion.js';
import type { WeakSpot } from '../../query/weak-spots.js';
import type { Pruning } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import type { ScoredDocument } from '../measures/judgements.js';

/** An index that systems search. */
export interface SearchedIndex {
  readonly engine: Engine;
  readonly index: string;
  readonly dialect: Dialect;
  /** The vector field. */
  readonly field: string;
  /** The text fields that BM25 searches: those that the vectors were made from. */
  readonly textFields: readonly string[];
}

/** A query as words and as a vector. */
export interface EncodedTopic {
  readonly id: string;
  readonly text: string;
  readonly vector: SparseVector;
  /** Where SPLADE is likely to be weak on it; none where nobody looked. */
  readonly weakSpots?: readonly WeakSpot[];
}

/** What one search is asked for. */
export interface SearchOptions {
  /** Documents wanted. */
  readonly size: number;
  /** Documents of the page that `size` looks behind, to judge it: a system finds as it would for that page. Default `size`. */
  readonly page?: number;
  readonly signal?: AbortSignal;
}

/** The answer of a system to one topic. */
interface Ranking {
  /** By falling score, equal scores as the engine gave them. */
  readonly documents: readonly ScoredDocument[];
  /** Features asked for, over all of its searches. */
  readonly clauses: number;
}

/** What a translated search must be given to ask as a system does. */
export interface Asking {
  /** Of its vectors. */
  readonly pruning?: Pruning;
  /** How its two lists are joined, where it has two. */
  readonly fusion?: Fusion;
  /** How many of the documents that words find are put in the order of their vectors, where words find. */
  readonly window?: number;
}

/** A way to answer topics, as a value: BM25, SPLADE, both. `spec` is its written form; `parseSystem(s.spec)` is `s` again. */
export interface System {
  readonly spec: string;
  /** The spec of the system whose scores this one's are meant to be near, where it is an approximation. */
  readonly approximates?: string;
  /** The specs of the systems that it puts together; absent where it ranks alone. */
  readonly combines?: readonly string[];
  /** How a translated search asks the same; absent where none does. */
  readonly asking?: Asking;
  rank(index: SearchedIndex, topic: EncodedTopic, options: SearchOptions): Promise<Ranking>;
}

/** Runs a search body for its ids and scores alone. */
export async function searchScores(
  { engine, index }: SearchedIndex,
  body: JsonObject,
  { size, signal }: SearchOptions,
): Promise<ScoredDocument[]> {
  const { hits } = await engine.search(index, { ...body, size, _source: false, track_total_hits: false }, { signal });
  return hits.map(({ id, score }) => ({ id, score: score! }));
}
