import type { JsonObject } from '../../dialect/dialect.js';
import { type Fusion, rrf } from './fusion.js';
import { HybridLists } from './hybrid-lists.js';
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
  /** Documents that each list contributes; pages end there. Default 100. */
  readonly window?: number;
  /** Who joins; where absent the body is refused: see `fusionOf`. */
  readonly by?: JoinedBy;
}

/** The lexical query and the sparse one each find their best, and the two lists are joined. */
export function hybrid({ fusion = rrf(), window = 100, by }: HybridOptions = {}): Strategy {
  return {
    spec: 'hybrid',
    pair: replacing,
    place: (body, query) => placeHybrid(body, query, fusion, window, by),
    placeRetriever: refuseRetriever,
  };
}

function placeHybrid(
  body: JsonObject,
  sparse: JsonObject,
  fusion: Fusion,
  window: number,
  by: JoinedBy | undefined,
): Placement {
  if (by === undefined)
    return { refused: 'this engine joins no lists by itself: use add or rescore, or join in the client' };
  for (const key of ['rescore', 'knn', 'rank', 'search_after']) {
    if (body[key] !== undefined) return { refused: `${key} cannot stand beside a joined list` };
  }
  if (Object.hasOwn(body.query as JsonObject, 'hybrid')) return { refused: 'it is a hybrid query already' };
  if (by === 'client') return HybridLists.of(body, sparse, fusion, window);
  return { body: by === 'query' ? byQuery(body, sparse, fusion, window) : byRetriever(body, sparse, fusion, window) };
}

function byQuery(body: JsonObject, sparse: JsonObject, fusion: Fusion, window: number): JsonObject {
  return {
    ...body,
    query: { hybrid: { queries: [body.query, sparse], pagination_depth: window } },
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

function byRetriever(body: JsonObject, sparse: JsonObject, fusion: Fusion, window: number): JsonObject {
  const { query, ...rest } = body;
  const [lexical, splade] = [query, sparse].map((asked) => ({ standard: { query: asked } }));
  if (fusion.kind === 'rrf') {
    const { rankConstant } = fusion;
    return {
      ...rest,
      retriever: { rrf: { retrievers: [lexical, splade], rank_constant: rankConstant, rank_window_size: window } },
    };
  }
  const retrievers = [
    { retriever: lexical, weight: fusion.lexical, normalizer: 'minmax' },
    { retriever: splade, weight: fusion.sparse, normalizer: 'minmax' },
  ];
  return { ...rest, retriever: { linear: { retrievers, rank_window_size: window } } };
}
