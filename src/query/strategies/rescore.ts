import type { JsonObject } from '../../dialect/dialect.js';
import { askedPage } from './asked-page.js';
import { replacing } from './replace.js';
import { type Placement, refuseRetriever, type Strategy } from './strategy.js';

/** How many documents are reordered. */
export interface RescoreOptions {
  /** Documents a shard, never fewer than a page has; at most the index's `max_rescore_window` (10,000 unless set). Default 100. */
  readonly window?: number;
}

/** How many documents are reordered unless the caller says. */
export const RESCORE_WINDOW = 100;

/**
 * What is left of a lexical score beside a sparse one: so little that no sum with a sparse score above 10^-6 is another float32, and enough to order
 * by. Documents behind the window, and those that share no term, stand behind the others in their lexical order, whatever page is asked; with 0
 * they would all be equal, and engines order equals by the documents that they happen to have collected for the page.
 */
const LEXICAL_REMAINDER = 2 ** -80;

/**
 * BM25 finds, SPLADE orders: what matches and what is counted stay what they were, and the top of each shard is reordered by the sparse score. The
 * window is the same on every page, so pages neither overlap nor miss; those past it are in the lexical order.
 */
export function rescore({ window = RESCORE_WINDOW }: RescoreOptions = {}): Strategy {
  return {
    spec: window === RESCORE_WINDOW ? 'rescore' : `rescore(${window})`,
    asksBeside: 'nothing',
    pair: replacing,
    place: (body, query) => placeRescore(body, query, window),
    placeRetriever: refuseRetriever,
  };
}

function placeRescore(body: JsonObject, query: JsonObject, window: number): Placement {
  const obstacle = OBSTACLES.find(({ key, stands }) => (stands ? stands(body[key]) : body[key] !== undefined));
  if (obstacle) return { refused: obstacle.reason };
  const ours = {
    // By the size of a page, not by where it begins: each window is an order of its own, and pages are cut from one.
    window_size: Math.max(window, askedPage(body).size || 0),
    query: { rescore_query: query, query_weight: LEXICAL_REMAINDER, rescore_query_weight: 1 },
  };
  const theirs = body.rescore;
  const rescore = theirs === undefined ? ours : [...(Array.isArray(theirs) ? theirs : [theirs]), ours];
  return { body: { ...body, rescore } };
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
  // The first score is what it multiplies, and of that next to nothing is left.
  { key: 'indices_boost', reason: 'an order by the sparse score alone would lose the boosts of indices' },
  { key: 'rank', reason: 'rank says already how results are joined' },
  {
    key: 'query',
    reason: 'a hybrid query joins result lists, and takes no rescore by their queries',
    stands: (query) => Object.hasOwn(query as JsonObject, 'hybrid'),
  },
];
