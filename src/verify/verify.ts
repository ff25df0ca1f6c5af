import pMap, { pMapIterable } from 'p-map';
import type { Dialect } from '../dialect/dialect.js';
import { documentKey, documentOfKey } from '../engine/document-key.js';
import type { Engine, Snapshot } from '../engine/engine.js';
import { type MatchedTerm, matchedTerms } from '../query/matched-terms.js';
import { type SparseQuery, sparseQuery } from '../query/sparse-query.js';
import type { SparseVector } from '../sparse/sparse-vector.js';
import { compareRanking, type Disagreement, type ReturnedDocument } from './compare-ranking.js';
import { documentsToScore } from './documents-to-score.js';
import { type ReferenceRanking, referenceScorer } from './reference-scorer.js';
import { storedValueOf, type VectorLocation } from './stored-vectors.js';

/** A query to verify with. */
export interface VerifyQuery {
  readonly id: string;
  readonly vector: SparseVector;
}

export interface VerifyOptions {
  readonly dialect: Dialect;
  /** The vector field. */
  readonly field: string;
  /** How many documents of each answer are compared; 10 unless given. */
  readonly top?: number;
  /**
   * Of a larger index, about so many documents are searched for ones that the answers lack; the documents of the answers are
   * scored whatever it is. Default: all.
   */
  readonly mostDocuments?: number;
  /** Called after each page of the scan with the documents scored so far. */
  readonly onProgress?: (documents: number) => void;
  readonly signal?: AbortSignal;
}

/** A disagreement with its query and, term by term, what its score must be made of. */
export interface ExplainedDisagreement extends Disagreement {
  readonly query: string;
  /** Where the document has one. */
  readonly routing?: string;
  readonly terms: readonly MatchedTerm[];
}

/** The result of a verification. */
export interface Verification {
  readonly queries: number;
  /** Documents scored against every query: those of the index, or those of the answers and the part drawn. */
  readonly documents: number;
  /** How much of the index was searched for documents that the answers lack: 1, or less where only a part was drawn. */
  readonly share: number;
  /** Scores compared: the documents that the engine returned. */
  readonly scores: number;
  readonly disagreements: number;
  /** The largest distance of any score from the reference, in float32 units of the last place. */
  readonly maxUlp: number;
  /** Scores whose last bit depends on the order in which the engine adds: both neighbours count as right. */
  readonly orderDependent: number;
  /** Queries that the engine's clause limit shortened; the reference was asked the same shortened query. */
  readonly shortened: number;
  /** The first disagreements, explained. */
  readonly examples: readonly ExplainedDisagreement[];
}

const EXAMPLES = 10;
const SEARCHES_AT_ONCE = 4;

/**
 * Asks the engine each query, computes from the vectors in `_source` what every document of the index must score, and compares set,
 * order and score to the last bit. All on one snapshot, so that writes meanwhile do not matter, but for OpenSearch before 3.3, which reads answers from a
 * snapshot and documents by scrolls that begin later: what is written in between disagrees there. Memory does not grow with the index.
 * Where only a part of the index is drawn, every returned score is compared all the same, and a document that is missing is noticed if it is drawn.
 * @throws {VectorsNotReadable} where no document carries its vector.
 */
export async function verify(
  engine: Engine,
  index: string,
  queries: readonly VerifyQuery[],
  options: VerifyOptions,
): Promise<Verification> {
  const { top = 10, dialect, field, signal } = options;
  const location = { index, field, dialect };
  await using snapshot = await engine.snapshot(index, { signal });
  const asked = queries.map(({ vector }) => sparseQuery(vector, { dialect, field }));
  const answers = await askAll(snapshot, asked, top, signal);
  const { rankings, documents, share } = await scoreAll(snapshot, location, asked, answers, options);
  const comparisons = answers.map((returned, i) => compareRanking(returned, rankings[i]!, top));
  const found = comparisons.flatMap(({ disagreements }, i) => disagreements.map((one) => ({ i, one })));
  const examples = await pMap(found.slice(0, EXAMPLES), async ({ i, one }) => {
    const document = documentOfKey(one.id);
    const value = await storedValueOf(snapshot, location, document, signal);
    return { ...one, ...document, query: queries[i]!.id, terms: matchedTerms(asked[i]!.features, value, dialect) };
  });
  return {
    queries: queries.length,
    documents,
    share,
    scores: sum(comparisons.map(({ scores }) => scores)),
    disagreements: found.length,
    maxUlp: Math.max(0, ...comparisons.map(({ maxUlp }) => maxUlp)),
    orderDependent: sum(comparisons.map(({ orderDependent }) => orderDependent)),
    shortened: asked.filter(({ dropped }) => dropped.length > 0).length,
    examples,
  };
}

function askAll(
  snapshot: Snapshot,
  asked: readonly SparseQuery[],
  size: number,
  signal: AbortSignal | undefined,
): Promise<ReturnedDocument[][]> {
  const ask = async ({ query }: SparseQuery) => {
    const { hits } = await snapshot.search({ query, size, _source: false, track_total_hits: false }, { signal });
    return hits.map((hit) => ({ id: documentKey(hit), score: hit.score! }));
  };
  return pMap(asked, ask, { concurrency: SEARCHES_AT_ONCE, signal });
}

async function scoreAll(
  snapshot: Snapshot,
  location: VectorLocation,
  asked: readonly SparseQuery[],
  answers: readonly ReturnedDocument[][],
  { dialect, top = 10, mostDocuments, signal, onProgress }: VerifyOptions,
): Promise<{ rankings: ReferenceRanking[]; documents: number; share: number }> {
  const watched = answers.map((returned) => returned.map(({ id }) => id));
  const queries = asked.map(({ features }, i) => ({ features, watch: watched[i]! }));
  const scorer = referenceScorer(queries, { dialect, top });
  const { share, pages } = await documentsToScore(snapshot, location, new Set(watched.flat()), mostDocuments, signal);
  // The engine reads the next page while one is scored.
  for await (const page of pMapIterable(pages, async (read) => read, { concurrency: 1, backpressure: 2 })) {
    for (const document of page) scorer.add(documentKey(document), ...document.vectors);
    onProgress?.(scorer.documents);
  }
  return { rankings: scorer.rankings(), documents: scorer.documents, share };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
