import type { JsonObject } from '../../dialect/dialect.js';
import { type Fusion, rrf } from './fusion.js';
import { withHighlightQuery } from './highlight-query.js';
import { HybridLists } from './hybrid-lists.js';
import { joinedPage } from './joined-page.js';
import { replacing } from './replace.js';
import { type Placement, refuseRetriever, type Strategy } from './strategy.js';

/**
 * How an engine joins two lists by itself. `query`: OpenSearch's `hybrid` query with a search pipeline in the body (plug-in
 * neural-search; RRF from 2.19 on). `retriever`: Elasticsearch's `rrf` (8.16) and `linear` (8.18) retrievers, for which a licence is needed.
 */
export type EngineFusion = 'query' | 'retriever';

/** Who joins: the engine, or the client by two searches ({@link HybridLists}), which needs neither plug-in nor licence. */
export type JoinedBy = EngineFusion | 'client';

export interface HybridOptions {
  readonly fusion?: Fusion;
  /** Documents that each list contributes, never fewer than a page has; pages end there. Default 100. */
  readonly window?: number;
  /** Who joins; where absent the body is refused: see `fusionOf`. */
  readonly by?: JoinedBy;
}

/** The lexical query and the sparse one each find their best, and the two lists are joined. */
export function hybrid({ fusion = rrf(), window = 100, by }: HybridOptions = {}): Strategy {
  return {
    spec: 'hybrid',
    // Elasticsearch asks the queries of retrievers apart, and then all of them in one to count hits and facets (RankDocsRetrieverBuilder).
    asksBeside: by === 'query' || by === 'retriever' ? 'query' : 'nothing',
    pair: replacing,
    place: (body, query) => placeHybrid(body, query, fusion, window, by),
    placeRetriever: refuseRetriever,
  };
}

/** What cannot stand beside lists joined by whomever, and why. */
const OBSTACLES: Readonly<Record<string, string>> = {
  rescore: 'joined scores are no sums that a rescore could go on from',
  knn: 'it would be a third list',
  rank: 'it says already how results are joined',
  search_after: 'a joined list is paged by from and size',
  sort: 'a joined list is sorted by its joined scores',
  collapse: 'each list would collapse by itself, and the joined one would repeat a group',
};

/** What an engine refuses beside its own join, or what the join would push out. */
const OBSTACLES_OF_ENGINE: Readonly<Record<EngineFusion, Readonly<Record<string, string>>>> = {
  // Together in one pipeline is no way out: `filter_query` wraps the hybrid query, whose lists are then summed, not joined (OpenSearch 3.6.0).
  query: {
    search_pipeline: 'lists are joined by a pipeline of their own in its place, and what it filters would be lost',
    indices_boost: 'OpenSearch takes none beside a hybrid query',
  },
  // SearchSourceBuilder.validate
  retriever: { terminate_after: 'Elasticsearch takes none beside a retriever' },
};

function placeHybrid(
  body: JsonObject,
  sparse: JsonObject,
  fusion: Fusion,
  window: number,
  by: JoinedBy | undefined,
): Placement {
  if (by === undefined)
    return { refused: 'this engine joins no lists by itself: use add or rescore, or join in the client' };
  if (Object.hasOwn(body.query as JsonObject, 'hybrid')) return { refused: 'it is a hybrid query already' };
  const obstacles = by === 'client' ? OBSTACLES : { ...OBSTACLES, ...OBSTACLES_OF_ENGINE[by] };
  const obstacle = Object.keys(obstacles).find((key) => body[key] !== undefined);
  if (obstacle) return { refused: `${obstacle} cannot stand beside joined lists: ${obstacles[obstacle]}` };
  const paged = joinedPage(body, window);
  if ('refused' in paged) return paged;
  if (by === 'client') return { lists: new HybridLists(body, sparse, fusion, paged.page) };
  const place = by === 'query' ? byQuery : byRetriever;
  return { body: withHighlightQuery(place(body, sparse, fusion, paged.page.depth), body.query) };
}

function byQuery(body: JsonObject, sparse: JsonObject, fusion: Fusion, depth: number): JsonObject {
  return {
    ...body,
    query: { hybrid: { queries: [body.query, sparse], pagination_depth: depth } },
    search_pipeline: { phase_results_processors: [processorOf(fusion)] },
  };
}

function processorOf(fusion: Fusion): JsonObject {
  if (fusion.kind === 'rrf') {
    return { 'score-ranker-processor': { combination: { technique: 'rrf', rank_constant: fusion.rankConstant } } };
  }
  const combination = { technique: 'arithmetic_mean', parameters: { weights: [fusion.lexical, fusion.sparse] } };
  return { 'normalization-processor': { normalization: { technique: 'min_max' }, combination } };
}

function byRetriever(body: JsonObject, sparse: JsonObject, fusion: Fusion, depth: number): JsonObject {
  const { query, ...rest } = body;
  const [lexical, splade] = [query, sparse].map((asked) => ({ standard: { query: asked } }));
  if (fusion.kind === 'rrf') {
    const { rankConstant } = fusion;
    return {
      ...rest,
      retriever: { rrf: { retrievers: [lexical, splade], rank_constant: rankConstant, rank_window_size: depth } },
    };
  }
  const retrievers = [
    { retriever: lexical, weight: fusion.lexical, normalizer: 'minmax' },
    { retriever: splade, weight: fusion.sparse, normalizer: 'minmax' },
  ];
  return { ...rest, retriever: { linear: { retrievers, rank_window_size: depth } } };
}
