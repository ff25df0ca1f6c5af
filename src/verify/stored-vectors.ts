import type { Dialect } from '../dialect/dialect.js';
import { passagesIn, type StoredVector } from '../dialect/kept-passages.js';
import type { DocumentName } from '../engine/document-key.js';
import type { Hit, PageOptions, Snapshot } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';

/** Documents whose vectors the engine does not give back: nothing can be verified. */
export class VectorsNotReadable extends Fault {
  readonly code = 'VECTORS_NOT_READABLE';
  constructor(
    readonly index: string,
    readonly field: string,
  ) {
    super({
      asked: `the stored vectors of index ${index}`,
      found: `no document with a field ${field} in _source`,
      remedy: 'Name the vector field with --field; an index whose _source excludes its vectors cannot be verified',
    });
  }
}

/** Where the vectors of an index are. */
export interface VectorLocation {
  readonly index: string;
  readonly field: string;
  readonly dialect: Pick<Dialect, 'sourceWithVectors'>;
}

const MOST_PAGE = 500;
/** Shards in which one id may stand under different routings. */
const MOST_ROUTINGS = 1000;

/** A document with its vector or those of its passages; one that has none comes with an empty one. */
export interface StoredDocument extends DocumentName {
  readonly vectors: readonly StoredVector[];
}

type StoredPart = Pick<PageOptions, 'query' | 'share'> & { readonly size?: number };

/**
 * Every document of a snapshot with its stored vectors, page by page.
 * @param part only those of a query, or a share; `size` is the most documents of a page, 500 unless it is less.
 * @throws {VectorsNotReadable} at the end, where there were documents and none had a vector.
 */
export async function* storedVectors(
  snapshot: Snapshot,
  location: VectorLocation,
  signal?: AbortSignal,
  { size = MOST_PAGE, ...part }: StoredPart = {},
): AsyncGenerator<StoredDocument[]> {
  let documents = 0;
  let readable = 0;
  for await (const page of snapshot.pages({
    ...part,
    size: Math.min(size, MOST_PAGE),
    source: vectorSource(location),
    signal,
  })) {
    documents += page.length;
    readable += page.filter((hit) => fieldOf(hit, location.field) !== undefined).length;
    yield page.map((hit) => {
      const vectors = passagesIn(fieldOf(hit, location.field)).map(({ vector }) => vector);
      return { id: hit.id, routing: hit.routing, vectors: vectors.length > 0 ? vectors : [{}] };
    });
  }
  if (documents > 0 && readable === 0) throw new VectorsNotReadable(location.index, location.field);
}

/** What a document's source carries in the vector field, as it stands there. */
export async function storedValueOf(
  snapshot: Snapshot,
  location: VectorLocation,
  { id, routing }: DocumentName,
  signal?: AbortSignal,
): Promise<unknown> {
  const body = { query: { ids: { values: [id] } }, size: MOST_ROUTINGS, _source: vectorSource(location) };
  const { hits } = await snapshot.search(body, { signal });
  const hit = hits.find((one) => one.routing === routing);
  return hit && fieldOf(hit, location.field);
}

function vectorSource({ field, dialect }: VectorLocation): Record<string, unknown> {
  return { ...dialect.sourceWithVectors, includes: [field] };
}

function fieldOf(hit: Hit, field: string): unknown {
  return hit.source?.[field];
}
