import { documentKey, documentOfKey } from '../engine/document-key.js';
import type { Snapshot } from '../engine/engine.js';
import { type StoredDocument, storedVectors, type VectorLocation, VectorsNotReadable } from './stored-vectors.js';

/** What `PageOptions.oneIn` takes. */
const MOST_PARTS = 1024;
const IDS_AT_ONCE = 500;

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
  const of = most === undefined ? 1 : Math.min(MOST_PARTS, Math.ceil((await documentsIn(snapshot, signal)) / most));
  if (of <= 1) return { share: 1, pages: storedVectors(snapshot, location, signal) };
  return { share: 1 / of, pages: returnedAndDrawn(snapshot, location, returned, of, signal) };
}

async function documentsIn(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<number> {
  const { total } = await snapshot.search({ size: 0, track_total_hits: true }, { signal });
  return total!;
}

async function* returnedAndDrawn(
  snapshot: Snapshot,
  location: VectorLocation,
  returned: ReadonlySet<string>,
  of: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly StoredDocument[]> {
  const ids = [...new Set(Array.from(returned, (key) => documentOfKey(key).id))];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const query = { ids: { values: ids.slice(start, start + IDS_AT_ONCE) } };
    for await (const page of storedVectors(snapshot, location, signal, { query }))
      yield page.filter((one) => returned.has(documentKey(one)));
  }
  try {
    for await (const page of storedVectors(snapshot, location, signal, { oneIn: of }))
      yield page.filter((one) => !returned.has(documentKey(one)));
  } catch (thrown) {
    // Those returned have shown that vectors can be read: the part drawn has none.
    if (!(thrown instanceof VectorsNotReadable) || returned.size === 0) throw thrown;
  }
}
