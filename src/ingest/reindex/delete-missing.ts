import type { JsonObject } from '../../dialect/dialect.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Hit, Outcome, RequestOptions, Write } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import { retryOf } from '../bulk/patient-engine.js';
import { type Portion, readToTheEnd } from '../bulk/read-to-the-end.js';
import { type IndexIdentity, mustStand } from '../bulk/same-index.js';
import type { Waiting } from '../bulk/until-answered.js';
import { writeForGood } from '../bulk/write-for-good.js';
import { type CopiedDocument, copiedDocuments } from './copied-documents.js';
import { documentsByKey } from './documents-by-key.js';
import type { PreparedCopy } from './prepare-copy.js';

const PAGE = 1000;
/** Whole documents that are read at once. */
const CHUNK = 100;
const CONFLICT = 409;

/** What was removed from a copy, and what was not. */
export interface Removed {
  readonly deleted: number;
  /** Documents that the source does not have and that others have written into the copy, or changed there: they are kept. */
  readonly kept: number;
}

/**
 * Deletes from the copy the documents that the source no longer has, or no longer has under the copy's query. When the engine goes away, or its
 * point in time with it, it waits and begins again: what is deleted is not there to be counted twice.
 * @throws {RunGone} where the source was deleted or made anew since it was described: another index that has not got them says nothing of these.
 * @throws {EngineRefused} where the engine refuses a deletion for another reason than that the document has changed.
 */
export async function deleteMissing(
  engine: Engine,
  source: IndexIdentity,
  copy: PreparedCopy,
  options: Waiting,
): Promise<Removed> {
  const { signal } = options;
  let [deleted, kept, farthest] = [0, 0, 0];
  async function* removals(): AsyncGenerator<Portion<Removed>> {
    // Those that are kept are met again.
    kept = 0;
    await engine.refresh(copy.index, { signal });
    if (copy.query) await engine.refresh(source.index, { signal });
    await using snapshot = await engine.snapshot(copy.index, { signal });
    let looked = 0;
    for await (const page of snapshot.pages({ size: PAGE, source: false, signal })) {
      const missing = await missingFrom(engine, source.index, page, copy.query, signal);
      // After they were missed, so that it was this source that has not got them.
      if (missing.length > 0) await mustStand(engine, source, { signal });
      for (let i = 0; i < missing.length; i += CHUNK) {
        const removed = await remove(engine, copy, missing.slice(i, i + CHUNK), options);
        // Those that are kept are met at every attempt: they are no progress.
        yield { items: [removed], isNew: removed.deleted > 0 };
      }
      looked += page.length;
      yield { items: [], isNew: looked > farthest };
      farthest = Math.max(farthest, looked);
    }
  }
  for await (const removed of readToTheEnd(removals, options)) {
    deleted += removed.deleted;
    kept += removed.kept;
  }
  if (deleted > 0) await engine.refresh(copy.index, { signal });
  return { deleted, kept };
}

/** Deletes those of some documents that termweave wrote. */
async function remove(engine: Engine, copy: PreparedCopy, hits: readonly Hit[], { signal }: RequestOptions) {
  const vectorFields = Object.keys(copy.plan.vectors);
  const look = () => copiedDocuments(engine, copy.index, hits, vectorFields, signal);
  const copied = await look();
  const writes = hits.flatMap((hit) => deletionOf(hit, copied.get(documentKey(hit))));
  const outcomes = await writeForGood(engine, copy.index, writes, { signal, retry: retryOf(engine) });
  for (const outcome of outcomes) mustBeDecided(copy.index, outcome);
  // A deletion whose answer was lost fails the second time, as does that of a document which is another one by now.
  const kept = outcomes.every(({ ok }) => ok) ? copied.size - writes.length : (await look()).size;
  return { deleted: copied.size - kept, kept };
}

function mustBeDecided(index: string, outcome: Outcome): void {
  if (outcome.ok || outcome.status === CONFLICT) return;
  throw new EngineRefused(`delete ${outcome.id} from index ${index}`, outcome.status, outcome.type, outcome.reason);
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
