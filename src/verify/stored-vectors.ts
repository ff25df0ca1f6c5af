import type { Dialect } from '../dialect/dialect.js';
import type { Hit, Snapshot } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';

/** A stored vector as its document's source carries it: feature names to weights. */
export type StoredVector = Readonly<Record<string, number>>;

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

const PAGE = 500;

/**
 * Every document of a snapshot with its stored vector, page by page; documents without one come with an empty vector.
 * @throws {VectorsNotReadable} at the end, where there were documents and none had a vector.
 */
export async function* storedVectors(
  snapshot: Snapshot,
  location: VectorLocation,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly id: string; readonly vector: StoredVector }[]> {
  let documents = 0;
  let readable = 0;
  for await (const page of snapshot.pages({ size: PAGE, source: vectorSource(location), signal })) {
    documents += page.length;
    yield page.map((hit) => {
      const vector = vectorOf(hit, location.field);
      if (vector) readable++;
      return { id: hit.id, vector: vector ?? {} };
    });
  }
  if (documents > 0 && readable === 0) throw new VectorsNotReadable(location.index, location.field);
}

/** The stored vector of one document, or an empty one where it has none. */
export async function storedVectorOf(
  snapshot: Snapshot,
  location: VectorLocation,
  id: string,
  signal?: AbortSignal,
): Promise<StoredVector> {
  const body = { query: { ids: { values: [id] } }, size: 1, _source: vectorSource(location) };
  const { hits } = await snapshot.search(body, { signal });
  return (hits[0] && vectorOf(hits[0], location.field)) ?? {};
}

function vectorSource({ field, dialect }: VectorLocation): Record<string, unknown> {
  return { ...dialect.sourceWithVectors, includes: [field] };
}

function vectorOf(hit: Hit, field: string): StoredVector | undefined {
  return hit.source?.[field] as StoredVector | undefined;
}
