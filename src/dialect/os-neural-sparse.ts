import type { Dialect } from './dialect.js';
import { rankFeatures } from './rank-features.js';

/**
 * OpenSearch's `neural_sparse` query with raw `query_tokens` over a `rank_features` field (plug-in neural-search, 2.12 and newer): the same fields, names
 * and scores as {@link rankFeatures}, in one clause, which the plug-in's own two-phase processor understands. Only an index whose plan names
 * it is asked by it, for whether the plug-in is there cannot be told by a version.
 *
 * It takes weights in (0, 64] (Lucene's FeatureField.newLinearQuery); `sparseQuery` rescales larger ones. Source: NeuralSparseQueryBuilder.
 */
export const osNeuralSparse: Dialect = {
  ...rankFeatures,
  name: 'os-neural-sparse',
  limits: { ...rankFeatures.limits, queryWeight: 64 },
  query: (field, features) => ({
    neural_sparse: {
      // fromEntries defines every key as the object's own, `__proto__` included.
      [field]: { query_tokens: Object.fromEntries(features.map(({ name, weight }) => [name, weight])) },
    },
  }),
};

/** What OpenSearch's two-phase processor does; its own defaults ({@link TWO_PHASE_DEFAULTS}) where absent. */
export interface TwoPhaseProcessor {
  /** Terms of at least this share of the heaviest find; the others only score. */
  readonly pruneRatio?: number;
  /** How many times the page the second phase scores. */
  readonly expansionRate?: number;
  readonly maxWindow?: number;
}

/** The processor's own defaults; the largest window is also that of an index of either engine (`index.max_rescore_window`). */
export const TWO_PHASE_DEFAULTS: Required<TwoPhaseProcessor> = { pruneRatio: 0.4, expansionRate: 5, maxWindow: 10_000 };

/**
 * The part of a search body by which OpenSearch answers its `neural_sparse` queries in two phases (`neural_sparse_two_phase_processor`, 2.15 and newer): an
 * approximation without a certificate.
 */
export function twoPhasePipeline(given: TwoPhaseProcessor = {}) {
  const { pruneRatio: usualRatio, expansionRate: usualRate, maxWindow: usualWindow } = TWO_PHASE_DEFAULTS;
  const { pruneRatio = usualRatio, expansionRate = usualRate, maxWindow = usualWindow } = given;
  const two_phase_parameter = { prune_ratio: pruneRatio, expansion_rate: expansionRate, max_window_size: maxWindow };
  const processor = { neural_sparse_two_phase_processor: { enabled: true, two_phase_parameter } };
  return { search_pipeline: { request_processors: [processor] } };
}
