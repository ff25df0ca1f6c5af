import type { JsonObject } from '../../dialect/dialect.js';
import { nearestNumber } from '../../dialect/exact-number.js';
import { replacing } from './replace.js';
import { type Placement, refuseRetriever, type Strategy } from './strategy.js';

/** How many documents are reordered. */
export interface RescoreOptions {
  /** Documents a shard; at most the index's `max_rescore_window` (10,000 unless set). Never fewer than the page reaches. Default 100. */
  readonly window?: number;
}

const DEFAULT_WINDOW = 100;
/** The engines' default size of a page. */
const DEFAULT_SIZE = 10;

/** BM25 finds, SPLADE orders: what matches, counts and pages stay what they were, and the top is reordered by the sparse score alone. */
export function rescore({ window = DEFAULT_WINDOW }: RescoreOptions = {}): Strategy {
  return {
    spec: window === DEFAULT_WINDOW ? 'rescore' : `rescore(${window})`,
    pair: replacing,
    place: (body, query) => placeRescore(body, query, window),
    placeRetriever: refuseRetriever,
  };
}

function placeRescore(body: JsonObject, query: JsonObject, window: number): Placement {
  const obstacle = OBSTACLES.find(({ key, stands }) => (stands ? stands(body[key]) : body[key] !== undefined));
  if (obstacle) return { refused: obstacle.reason };
  const reached = numberOr(body.from, 0) + numberOr(body.size, DEFAULT_SIZE);
  const ours = {
    window_size: Math.max(window, reached),
    // The lexical score counts nothing among the reordered: a document without a shared term is last of them.
    query: { rescore_query: query, query_weight: 0, rescore_query_weight: 1 },
  };
  const theirs = body.rescore;
  const rescore = theirs === undefined ? ours : [...(Array.isArray(theirs) ? theirs : [theirs]), ours];
  return { body: { ...body, rescore } };
}

function numberOr(value: unknown, otherwise: number): number {
  const number = nearestNumber(value);
  return typeof number === 'number' ? number : otherwise;
}

interface Obstacle {
  readonly key: string;
  readonly reason: string;
  readonly stands?: (value: unknown) => boolean;
}

/** What both engines refuse beside `rescore` (SearchRequest.validate, RescorePhase), and what it would undo. */
const OBSTACLES: readonly Obstacle[] = [
  { key: 'sort', reason: 'engines take no rescore beside a sort' },
  { key: 'collapse', reason: 'engines take no rescore beside collapse' },
  { key: 'search_after', reason: 'engines take no rescore beside search_after' },
  { key: 'knn', reason: 'reordering by the sparse score alone would lose what knn found' },
  { key: 'rank', reason: 'rank says already how results are joined' },
  {
    key: 'query',
    reason: 'a hybrid query joins result lists, and takes no rescore by their queries',
    stands: (query) => Object.hasOwn(query as JsonObject, 'hybrid'),
  },
];
