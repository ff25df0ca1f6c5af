import type { JsonObject } from '../../dialect/dialect.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Hit, RequestOptions, Write } from '../../engine/engine.js';
import { DEFAULT_RETRY } from '../bulk/backoff.js';
import { writeForGood } from '../bulk/write-for-good.js';
import { type CopiedDocument, copiedDocuments } from './copied-documents.js';
import { documentsByKey } from './documents-by-key.js';
import type { PreparedCopy } from './prepare-copy.js';

const PAGE = 1000;
/** Whole documents that are read at once. */
const CHUNK = 100;

/** What was removed from a copy, and what was not. */
export interface Removed {
  readonly deleted: number;
  /** Documents that the source does not have and that others have written into the copy, or changed there: they are kept. */
  readonly kept: number;
}

/** Deletes from the copy the documents that the source no longer has, or no longer has under the copy's query. */
export async function deleteMissing(
  engine: Engine,
  source: string,
  copy: PreparedCopy,
  { signal }: RequestOptions,
): Promise<Removed> {
  await engine.refresh(copy.index, { signal });
  if (copy.query) await engine.refresh(source, { signal });
  await using snapshot = await engine.snapshot(copy.index, { signal });
  let [deleted, kept] = [0, 0];
  for await (const page of snapshot.pages({ size: PAGE, source: false, signal })) {
    const missing = await missingFrom(engine, source, page, copy.query, signal);
    for (let i = 0; i < missing.length; i += CHUNK) {
      const chunk = missing.slice(i, i + CHUNK);
      const copied = await copiedDocuments(engine, copy.index, chunk, Object.keys(copy.plan.vectors), signal);
      const writes = chunk.flatMap((hit) => deletionOf(hit, copied.get(documentKey(hit))));
      const outcomes = await writeForGood(engine, copy.index, writes, { signal, retry: DEFAULT_RETRY });
      // A document that was changed since it was looked at is another one now.
      const gone = outcomes.filter(({ ok }) => ok).length;
      deleted += gone;
      kept += copied.size - gone;
    }
  }
  if (deleted > 0) await engine.refresh(copy.index, { signal });
  return { deleted, kept };
}

/** The guarded deletion of a document that is still there and that termweave wrote. */
function deletionOf({ id, routing }: Hit, copied: CopiedDocument | undefined): Write[] {
  if (!copied || copied.isForeign) return [];
  const { seqNo: ifSeqNo, primaryTerm: ifPrimaryTerm } = copied.version;
  return [{ kind: 'delete', id, routing, ifSeqNo, ifPrimaryTerm }];
}

/** A document that has just been put back is there: it is looked for by id. */
async function missingFrom(
  engine: Engine,
  source: string,
  page: readonly Hit[],
  query: JsonObject | undefined,
  signal: AbortSignal | undefined,
): Promise<Hit[]> {
  const found = await documentsByKey(engine, source, page, signal, false);
  const there = page.filter((hit) => found.get(documentKey(hit))!.found);
  const within = query ? await matching(engine, source, there, query, signal) : new Set(there.map(documentKey));
  return page.filter((hit) => !within.has(documentKey(hit)));
}

async function matching(
  engine: Engine,
  source: string,
  hits: readonly Hit[],
  query: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const within = { bool: { filter: [{ ids: { values: hits.map(({ id }) => id) } }, query] } };
  // Twice the size: one id may stand under several routings.
  const found = await engine.search(source, { query: within, size: 2 * PAGE, _source: false }, { signal });
  return new Set(found.hits.map(documentKey));
}
