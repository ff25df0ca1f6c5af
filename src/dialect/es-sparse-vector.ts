import type { Dialect } from './dialect.js';
import { traitsOf } from './engine-traits.js';
import { type EngineVersion, isAtLeast } from './engine-version.js';
import { percentNames } from './feature-names.js';
import { featurePrecision } from './feature-precision.js';

/**
 * Elasticsearch's own `sparse_vector` field and query, with raw `query_vector` (8.15 and newer).
 *
 * - 8.19 and 9.1 prune queries by default, by the field's `index_options`, and `_score` is then not the dot product: both the
 *   field and every query say `prune: false`.
 * - 9.2 leaves vectors out of `_source` (and puts them back from the index when asked): answers are asked for with
 *   `exclude_vectors: false`. Since weights are sent at the precision of the index, what comes back is what was sent.
 *
 * Source: SparseVectorFieldMapper, SparseVectorQueryBuilder, SourceFieldMapper of the versions named.
 */
export function esSparseVector(engine: EngineVersion): Dialect {
  const prunesByDefault = isAtLeast(engine, 'elasticsearch', 9, 1) || (engine.major === 8 && engine.minor >= 19);
  const { vectorsAreHidden } = traitsOf(engine).wholeDocuments;
  return {
    name: 'es-sparse-vector',
    names: percentNames,
    // From 8.0 on the limit follows from the heap; 1024 is its floor (SearchUtils.calculateMaxClauseValue).
    limits: { features: 1024, queryWeight: Number.MAX_VALUE },
    field: { type: 'sparse_vector', ...(prunesByDefault && { index_options: { prune: false } }) },
    settings: {},
    sourceWithVectors: vectorsAreHidden ? { exclude_vectors: false } : {},
    ...featurePrecision,
    query: (field, features) => ({
      sparse_vector: {
        field,
        // fromEntries defines every key as the object's own, `__proto__` included.
        query_vector: Object.fromEntries(features.map(({ name, weight }) => [name, weight])),
        prune: false,
      },
    }),
  };
}

/** What Elasticsearch leaves out of a `sparse_vector` query where it prunes. */
export interface EnginePruning {
  /** A token is left out that stands in more than so many times the documents of the average token, 1 to 100, … */
  readonly tokensFrequencyRatio: number;
  /** … and whose weight is below this share of the heaviest, 0 to 1. */
  readonly tokensWeight: number;
}

/** What 8.19 and 9.1 do by default unless a field or a query says otherwise (TokenPruningConfig). */
export const ELASTICSEARCH_DEFAULT_PRUNING: EnginePruning = { tokensFrequencyRatio: 5, tokensWeight: 0.4 };

/** A dialect whose queries are pruned by Elasticsearch itself: their `_score` is then at most the dot product, and the answer an approximation. */
export function prunedByElasticsearch(
  dialect: Dialect,
  pruning: EnginePruning = ELASTICSEARCH_DEFAULT_PRUNING,
): Dialect {
  return {
    ...dialect,
    query: (field, features) => {
      const { sparse_vector } = dialect.query(field, features) as { sparse_vector: object };
      const pruning_config = {
        tokens_freq_ratio_threshold: pruning.tokensFrequencyRatio,
        tokens_weight_threshold: pruning.tokensWeight,
        only_score_pruned_tokens: false,
      };
      return { sparse_vector: { ...sparse_vector, prune: true, pruning_config } };
    },
  };
}
