import { documentKey, documentOfKey } from '../engine/document-key.js';
import type { PageOptions, Snapshot } from '../engine/engine.js';
import { fromEachPart, PARTS } from './from-each-part.js';
import { type StoredDocument, storedVectors, type VectorLocation, VectorsNotReadable } from './stored-vectors.js';

/** What `PageOptions.share` takes. */
const MOST_PARTS = 1024;
const IDS_AT_ONCE = 500;

/** How much of an index is drawn. */
interface Drawing {
  readonly most: number;
  /** Of the whole. */
  readonly documents: number;
  /** Whether other documents have shown that vectors can be read. */
  readonly mayLackVectors: boolean;
}

/** The documents that a verification scores. */
export interface DocumentsToScore {
  /** How much of the index is among them, but for those that were returned, which all are. */
  readonly share: number;
  readonly pages: AsyncIterable<readonly StoredDocument[]>;
}

/**
 * All documents of a snapshot, or of a larger index those returned and a part of the others.
 * @param returned by {@link documentKey}.
 * @param most how many to score of the others, about; all where it is `undefined`.
 */
export async function documentsToScore(
  snapshot: Snapshot,
  location: VectorLocation,
  returned: ReadonlySet<string>,
  most: number | undefined,
  signal?: AbortSignal,
): Promise<DocumentsToScore> {
  const documents = most === undefined ? 0 : await documentsIn(snapshot, signal);
  if (most === undefined || documents <= most) return { share: 1, pages: storedVectors(snapshot, location, signal) };
  const drawing = { most, documents, mayLackVectors: returned.size > 0 };
  return { share: most / documents, pages: returnedAndDrawn(snapshot, location, returned, drawing, signal) };
}

async function documentsIn(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<number> {
  const { total } = await snapshot.search({ size: 0, track_total_hits: true }, { signal });
  return total!;
}

async function* returnedAndDrawn(
  snapshot: Snapshot,
  location: VectorLocation,
  returned: ReadonlySet<string>,
  drawing: Drawing,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly StoredDocument[]> {
  const ids = [...new Set(Array.from(returned, (key) => documentOfKey(key).id))];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const query = { ids: { values: ids.slice(start, start + IDS_AT_ONCE) } };
    for await (const page of storedVectors(snapshot, location, signal, { query }))
      yield page.filter((one) => returned.has(documentKey(one)));
  }
  for await (const page of drawn(snapshot, location, drawing, signal))
    yield page.filter((one) => !returned.has(documentKey(one)));
}

/** The first documents of each of {@link PARTS} parts, so many in all. */
function drawn(
  snapshot: Snapshot,
  location: VectorLocation,
  { most, documents, mayLackVectors }: Drawing,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly StoredDocument[]> {
  const of = Math.min(MOST_PARTS, PARTS * Math.max(1, Math.floor(documents / most)));
  async function* pagesOf(part: Pick<PageOptions, 'share'> & { readonly size: number }) {
    try {
      yield* storedVectors(snapshot, location, signal, part);
    } catch (thrown) {
      // A part may have none, of documents without text.
      if (!(thrown instanceof VectorsNotReadable) || !mayLackVectors) throw thrown;
    }
  }
  return fromEachPart(pagesOf, { of, perPart: Math.ceil(most / PARTS) });
}
