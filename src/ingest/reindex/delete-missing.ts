import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, Hit, RequestOptions, Write } from '../../engine/engine.js';
import { IndexUnavailable } from '../../engine/engine-faults.js';
import { DEFAULT_RETRY } from '../bulk/backoff.js';
import { writeForGood } from '../bulk/write-for-good.js';

const PAGE = 1000;

/** Deletes from the copy the documents that the source no longer has. @returns how many. */
export async function deleteMissing(
  engine: Engine,
  source: string,
  copy: string,
  { signal }: RequestOptions,
): Promise<number> {
  await engine.refresh(copy, { signal });
  await using snapshot = await engine.snapshot(copy, { signal });
  let deleted = 0;
  for await (const page of snapshot.pages({ size: PAGE, source: false, signal })) {
    const gone = await missingFrom(engine, source, page, signal);
    const writes = gone.map(({ id, routing }): Write => ({ kind: 'delete', id, routing }));
    const outcomes = await writeForGood(engine, copy, writes, { signal, retry: DEFAULT_RETRY });
    deleted += outcomes.filter(({ ok }) => ok).length;
  }
  if (deleted > 0) await engine.refresh(copy, { signal });
  return deleted;
}

/** By id and routing, which sees what no search sees before the next refresh: a document that has just been put back is there. */
async function missingFrom(engine: Engine, source: string, page: readonly Hit[], signal: AbortSignal | undefined) {
  const docs = page.map(({ id, routing }) => ({ _id: id, routing, _source: false }));
  const path = `/${encodeURIComponent(source)}/_mget`;
  const answer = await engine.request({ method: 'POST', path, body: { docs }, signal, repeatable: true });
  const found = (answer as { docs: readonly JsonObject[] }).docs;
  const unsure = found.find(({ error }) => error !== undefined);
  if (unsure) throw new IndexUnavailable(source, `it does not say whether it has document ${unsure._id}`);
  return page.filter((_, i) => found[i]!.found === false);
}
