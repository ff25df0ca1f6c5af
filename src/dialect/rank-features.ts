import type { Dialect } from './dialect.js';
import { percentNames } from './feature-names.js';
import { featurePrecision } from './feature-precision.js';

/**
 * `rank_features` fields and one `rank_feature` clause per term, on both engines. `linear: {}` is what makes a clause's score
 * `boost x weight`: left out, it means saturation, and the score is no dot product.
 * Source: org.elasticsearch.index.mapper.extras.RankFeaturesFieldMapper and its OpenSearch twin.
 */
export const rankFeatures: Dialect = {
  name: 'rank-features',
  names: percentNames,
  // `indices.query.bool.max_clause_count` is 1024 by default on OpenSearch and Elasticsearch 7; newer ones allow more.
  limits: { features: 1024, queryWeight: Number.MAX_VALUE },
  field: { type: 'rank_features' },
  settings: {},
  sourceWithVectors: {},
  ...featurePrecision,
  query: (field, features) => ({
    bool: {
      should: features.map(({ name, weight }) => ({
        rank_feature: { field: `${field}.${name}`, boost: weight, linear: {} },
      })),
    },
  }),
};
