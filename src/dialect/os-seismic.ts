import type { Dialect, JsonObject } from './dialect.js';
import type { SeismicSlots } from './seismic-slots.js';

/** How OpenSearch's SEISMIC field builds its clusters and finds with them; its own defaults where absent. */
export interface SeismicOptions {
  /** The slot of each token: `seismicSlots(vocabulary)`. */
  readonly slots: SeismicSlots;
  /** The largest weight of any document, and of any query: weights are kept as 255 steps up to there. See {@link largestWeight}. */
  readonly ceilings: { readonly document: number; readonly query: number };
  /** Documents that a token's list keeps, the heaviest. Default 0.0005 times the documents of the segment, at least 160. */
  readonly postings?: number;
  /** Clusters for each document of a list, between 0 and 1. Default 0.1. */
  readonly clusterRatio?: number;
  /** The share of a cluster summary's weight that is kept. Default 0.4. */
  readonly summaryShare?: number;
  /** A segment of fewer documents has no clusters and is searched exactly. Default 1,000,000. */
  readonly approximateFrom?: number;
  /** Heaviest terms of a query whose lists are visited; all its terms score what is found. Default 10. */
  readonly findingTerms?: number;
  /** Documents that a segment gives: no page may reach past it. Default 100. */
  readonly found?: number;
  /** Above 1 visits more clusters and misses less. Default 1. */
  readonly heapFactor?: number;
}

/**
 * OpenSearch's `sparse_vector` field with the SEISMIC method (k-NN and neural-search, 3.3 and newer): an approximate search over clustered lists of the
 * heaviest documents of each term. Feature names are whole numbers below 32,768; documents' and queries' weights are kept in a byte each, so that a score is
 * the dot product of rounded weights. An approximation throughout: what is found is not proved to be the best, and scores differ from those of the other dialects.
 *
 * A document without a term must leave the field out: beside documents that have terms, OpenSearch 3.6 refuses `{}` there.
 *
 * It is a value for `translate`, `withSplade`, `sparseQuery` and `mappingFor`; commands do not choose it, for no mapping tells its slots.
 * Source: SparseVectorFieldMapper, SparseAnnQueryBuilder, ByteQuantizer of neural-search 3.6.
 */
export function osSeismic(options: SeismicOptions): Dialect {
  const { slots, ceilings, findingTerms = 10, found = 100, heapFactor = 1 } = options;
  const kept = (weight: number) => inSteps(weight, ceilings.document);
  return {
    name: 'os-seismic',
    names: slots,
    // A heavier query is rescaled by a power of two, where the field would cut its weights off at the ceiling.
    limits: { features: 1024, queryWeight: ceilings.query },
    field: { type: 'sparse_vector', method: { name: 'seismic', parameters: methodParameters(options) } },
    settings: { 'index.sparse': true },
    sourceWithVectors: {},
    sendable: kept,
    stored: kept,
    query: (field, features) => ({
      neural_sparse: {
        [field]: {
          query_tokens: Object.fromEntries(features.map(({ name, weight }) => [name, weight])),
          method_parameters: { top_n: findingTerms, k: found, heap_factor: heapFactor },
        },
      },
    }),
  };
}

function methodParameters(options: SeismicOptions): JsonObject {
  const { postings, clusterRatio, summaryShare, approximateFrom, ceilings } = options;
  return {
    ...(postings !== undefined && { n_postings: postings }),
    ...(clusterRatio !== undefined && { cluster_ratio: clusterRatio }),
    ...(summaryShare !== undefined && { summary_prune_ratio: summaryShare }),
    ...(approximateFrom !== undefined && { approximate_threshold: approximateFrom }),
    quantization_ceiling_ingest: ceilings.document,
    quantization_ceiling_search: ceilings.query,
  };
}

const STEPS = 255;

/** A weight as SEISMIC keeps it: the nearest of 255 steps up to the ceiling, which cuts off what is above. */
export function inSteps(weight: number, ceiling: number): number {
  const step = Math.round(Math.fround((Math.min(weight, ceiling) * STEPS) / ceiling));
  return Math.fround((step * ceiling) / STEPS);
}

/** The largest weight of some vectors, for a ceiling; 1 where there is none. Take it from all documents, or more than a sample will be cut off. */
export function largestWeight(vectors: Iterable<{ readonly weights: Float32Array }>): number {
  let largest = 0;
  for (const { weights } of vectors) for (const weight of weights) largest = Math.max(largest, weight);
  return largest === 0 ? 1 : largest;
}
