import type { Engine, Hit, RequestOptions, Write } from '../../engine/engine.js';
import { DEFAULT_RETRY } from '../bulk/backoff.js';
import { writeForGood } from '../bulk/write-for-good.js';
import { keyOf } from './index-source.js';

const PAGE = 1000;

/** Deletes from the copy the documents that the source no longer has. @returns how many. */
export async function deleteMissing(
  engine: Engine,
  source: string,
  copy: string,
  { signal }: RequestOptions,
): Promise<number> {
  await engine.refresh(copy, { signal });
  await engine.refresh(source, { signal });
  await using snapshot = await engine.snapshot(copy, { signal });
  let deleted = 0;
  for await (const page of snapshot.pages({ size: PAGE, source: false, signal })) {
    const gone = await missingFrom(engine, source, page, signal);
    const writes = gone.map(({ id, routing }): Write => ({ kind: 'delete', id, routing }));
    if (writes.length > 0) await writeForGood(engine, copy, writes, { signal, retry: DEFAULT_RETRY });
    deleted += gone.length;
  }
  if (deleted > 0) await engine.refresh(copy, { signal });
  return deleted;
}

async function missingFrom(engine: Engine, source: string, page: readonly Hit[], signal: AbortSignal | undefined) {
  const query = { ids: { values: page.map(({ id }) => id) } };
  const { hits } = await engine.search(source, { query, size: 2 * page.length, _source: false }, { signal });
  const there = new Set(hits.map(keyOf));
  return page.filter((hit) => !there.has(keyOf(hit)));
}
