import type { JsonObject } from './dialect.js';
import { type EngineVersion, isAtLeast } from './engine-version.js';

/** What the wire protocol of an engine has, beyond what both flavours say alike. */
export interface EngineTraits {
  /** How a point in time is opened and closed. */
  readonly pointInTime: PointInTime;
  /**
   * The sort that pages through a point in time in index order with a unique key, or `undefined` where there is none and only a
   * scroll reads a whole index reliably (OpenSearch before 3.3: `_doc` alone is not unique across shards; the scroll opens a view of its own, a moment later).
   */
  readonly pageSort: readonly unknown[] | undefined;
  /**
   * Whether slices of two points in time fit together. OpenSearch slices by a hash of `_id` (TermsSliceQuery); Elasticsearch, in a point in
   * time, by Lucene's document numbers (DocIdSliceQuery), which differ from replica to replica and from merge to merge: there only a
   * scroll's slices, by `_id`, are the same in two processes.
   */
  readonly stableSlices: boolean;
  /** How whole documents are asked for. */
  readonly wholeDocuments: WholeDocuments;
  /** Whether it calls encoders by OpenSearch's connectors and remote models (ml-commons), where that plug-in is installed. */
  readonly hasConnectors: boolean;
}

/**
 * What makes an answer carry documents with all their fields. Elasticsearch 9.2 leaves vectors of every type (`dense_vector`, `sparse_vector`,
 * `rank_vectors`) out of `_source` unless asked otherwise, in an index that it made itself and that does not say otherwise
 * (`index.mapping.exclude_source_vectors`). Source: SourceFieldMapper, FetchSourceContext.
 */
interface WholeDocuments {
  /** Whether vectors are left out unless asked for. */
  readonly vectorsAreHidden: boolean;
  /** The `_source` of a search. */
  readonly source: true | JsonObject;
  /** Parameters of a request for documents by id. */
  readonly parameters: Readonly<Record<string, string>>;
}

const EVERYTHING: WholeDocuments = { vectorsAreHidden: false, source: true, parameters: {} };

const HIDDEN_TOO: WholeDocuments = {
  vectorsAreHidden: true,
  source: { exclude_vectors: false },
  parameters: { _source_exclude_vectors: 'false' },
};

interface PointInTime {
  /** @param keepAlive how long it is kept after each search: `5m`. */
  open(index: string, keepAlive: string): { path: string; query: Record<string, string> };
  /** The id in the answer to `open`. */
  idOf(answer: Record<string, unknown>): string;
  close(id: string): { path: string; body: unknown };
}

const elasticsearchPointInTime: PointInTime = {
  open: (index, keepAlive) => ({ path: `/${encodeURIComponent(index)}/_pit`, query: { keep_alive: keepAlive } }),
  idOf: (answer) => String(answer.id),
  close: (id) => ({ path: '/_pit', body: { id } }),
};

const openSearchPointInTime: PointInTime = {
  open: (index, keepAlive) => ({
    path: `/${encodeURIComponent(index)}/_search/point_in_time`,
    // By default OpenSearch opens one over the shards that happen to be there.
    query: { keep_alive: keepAlive, allow_partial_pit_creation: 'false' },
  }),
  idOf: (answer) => String(answer.pit_id),
  close: (id) => ({ path: '/_search/point_in_time', body: { pit_id: [id] } }),
};

const SHARD_DOC = [{ _shard_doc: 'asc' }];

/** The traits of an engine. */
export function traitsOf(engine: EngineVersion): EngineTraits {
  if (engine.flavour === 'elasticsearch') {
    const wholeDocuments = isAtLeast(engine, 'elasticsearch', 9, 2) ? HIDDEN_TOO : EVERYTHING;
    return {
      pointInTime: elasticsearchPointInTime,
      pageSort: SHARD_DOC,
      stableSlices: false,
      wholeDocuments,
      hasConnectors: false,
    };
  }
  return {
    pointInTime: openSearchPointInTime,
    pageSort: isAtLeast(engine, 'opensearch', 3, 3) ? SHARD_DOC : undefined,
    stableSlices: true,
    wholeDocuments: EVERYTHING,
    hasConnectors: true,
  };
}
