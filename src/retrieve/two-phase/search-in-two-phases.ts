import type { JsonObject } from '../../dialect/dialect.js';
import { TWO_PHASE_DEFAULTS } from '../../dialect/os-neural-sparse.js';
import type { RequestOptions, SearchAnswer } from '../../engine/engine.js';
import { sparseQuery } from '../../query/sparse-query.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { type BodyOptions, filtered, fullBody } from '../full-body.js';
import type { OpenedField } from '../opened-field.js';
import { unlessOptional } from './ceiling-store.js';
import { type Certificate, certificateOf, type Doubt, type KnownCeilings, wholeSearch } from './certificate.js';
import { type SplitQuery, splitTerms } from './split-terms.js';

/** How a search in two phases is made. */
export interface TwoPhaseOptions {
  /** Documents a shard that the heavy terms find, at most the index's `max_rescore_window`. Default ten times the page, 100 to 10,000. */
  readonly window?: number;
  /**
   * The share of the query's largest possible score that is left to the light terms, 0 to 1. Default 0.05: over 30,005 MS MARCO passages, splade-tiny
   * and 120 real queries that left a quarter of the terms and proved 95 % of the pages; 0.1 proved 58 %, 0.3 (three fifths of the terms) none.
   */
  readonly lightShare?: number;
  /**
   * The largest share of the query's terms that may be heavy, 0 to 1; where more are, all terms are asked at once. Default 0.1, for a first phase asks the heavy
   * terms twice: by a tenth of the terms it took 0.75 (OpenSearch) and 1.05 (Elasticsearch) of the full search's time, by seven tenths 2 and 2.5
   * (docs/two-phase.md). 1: never at once.
   */
  readonly mostHeavy?: number;
  /** What is answered where the bound proves nothing. Default `full`: all terms are asked in a second request. `approximate`: what was found, marked as not exact. */
  readonly unproved?: 'full' | 'approximate';
}

export interface TwoPhaseRequest extends RequestOptions, TwoPhaseOptions, BodyOptions {}

const MOST_HEAVY = 0.1;

/** The engines' default of `index.max_rescore_window`, and of `index.max_result_window`, which bounds where the window's last document may stand. */
const LARGEST_WINDOW = TWO_PHASE_DEFAULTS.maxWindow;

function usualWindow(size: number): number {
  return Math.max(size, Math.min(LARGEST_WINDOW, Math.max(100, 10 * size)));
}

interface TwoPhaseAnswer {
  readonly answer: SearchAnswer;
  readonly certificate: Certificate;
}

/**
 * Heavy terms find, all terms score what was found, in one request. A document that the heavy terms did not find scores at most what the last one
 * found got from them, plus the light terms' ceilings: where the page's last score is above that, the page is the full search's. Where too many terms are
 * heavy for that to be quicker, which their number tells before anything is asked, the full search is asked at once.
 * @param known without ceilings nothing can be proved.
 */
export async function searchInTwoPhases(
  index: OpenedField,
  query: SparseVector,
  known: KnownCeilings,
  request: TwoPhaseRequest,
): Promise<TwoPhaseAnswer> {
  const { unproved = 'full', signal } = request;
  const split = splitTerms(query, known.ceilings, request.lightShare ?? 0.05);
  const full = () => index.engine.search(index.name, fullBody(index, query, request), { signal });
  const atOnce = whyAtOnce(query, split, known, request);
  if (atOnce) return { answer: await full(), certificate: wholeSearch(query, atOnce.doubt) };
  const { answer, certificate } = await firstPhase(index, query, split, known, request);
  if (certificate.exact || unproved === 'approximate') return { answer, certificate };
  const second = await full();
  const tookMs = answer.tookMs + second.tookMs;
  return {
    answer: { ...second, tookMs },
    certificate: { ...certificate, exact: true, proof: 'all-terms', requests: 2 },
  };
}

/** Whether all terms are asked at once, which needs no proof, and for what doubt; `undefined` where a first phase comes before. */
function whyAtOnce(
  query: SparseVector,
  { heavy }: SplitQuery,
  { ceilings, doubt }: KnownCeilings,
  { unproved = 'full', mostHeavy = MOST_HEAVY }: TwoPhaseOptions,
): { readonly doubt?: Doubt } | undefined {
  if (heavy.size === query.size) return { doubt };
  if (!ceilings) return unproved === 'full' ? { doubt } : undefined;
  return heavy.size > mostHeavy * query.size ? { doubt: 'no-gain' } : undefined;
}

async function firstPhase(
  index: OpenedField,
  query: SparseVector,
  split: SplitQuery,
  known: KnownCeilings,
  request: TwoPhaseRequest,
): Promise<TwoPhaseAnswer> {
  const { window = usualWindow(request.size), signal } = request;
  const { ceilings } = known;
  const bodies = [rescoredBody(index, query, split, window, request)];
  // Without ceilings it would prove nothing, and takes as long as the page.
  if (ceilings) bodies.push(lastFoundBody(index, split, window, request));
  const [answer, last] = await index.engine.multiSearch(index.name, bodies, { signal });
  const certificate = certificateOf({
    known,
    // Read after the first phase has answered: if nothing was written up to now, it saw nothing that the ceilings do not know.
    mark: ceilings && (await markOf(index, signal)),
    lastScore: answer!.hits[request.size - 1]?.score ?? undefined,
    leftOut: last?.hits[0]?.score ?? 0,
    lightBound: split.lightBound,
    window,
    heavyTerms: split.heavy.size,
  });
  return { answer: answer!, certificate };
}

function markOf({ engine, name }: OpenedField, signal: AbortSignal | undefined): Promise<string | undefined> {
  return engine.writeMark(name, { signal }).catch((thrown) => unlessOptional(thrown, undefined));
}

/**
 * The page: what the heavy terms find, ordered by the score of all terms. The heavy score counts nothing beside it, so that the sum is the full
 * search's to the last bit. Documents are fetched for the page alone: fetching the ids of the whole window took three times as long as the full search.
 */
function rescoredBody(
  index: OpenedField,
  whole: SparseVector,
  { heavy }: SplitQuery,
  window: number,
  request: TwoPhaseRequest,
): JsonObject {
  const rescore_query = sparseQuery(whole, index).query;
  const rescore = { window_size: window, query: { rescore_query, query_weight: 0, rescore_query_weight: 1 } };
  return { ...fullBody(index, heavy, request), rescore };
}

/** The last document of the window, for its score: no answer to a rescore tells it. */
function lastFoundBody(
  index: OpenedField,
  { heavy }: SplitQuery,
  window: number,
  { filter }: TwoPhaseRequest,
): JsonObject {
  const query = filtered(sparseQuery(heavy, index).query, filter);
  return { query, from: window - 1, size: 1, track_total_hits: false, _source: false };
}
