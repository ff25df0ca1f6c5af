import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { type CopyOptions, type CopyReport, copyDocuments } from './copy-documents.js';
import { deleteMissing } from './delete-missing.js';
import type { PreparedCopy } from './prepare-copy.js';

/** How many documents following has added to a copy, and deleted from it. */
export interface Followed {
  readonly added: number;
  readonly deleted: number;
}

/** The highest value of a field in an index, as the engine sorts by it; `undefined` where no document has one. */
export async function highestValue(engine: Engine, index: string, field: string, { signal }: RequestOptions) {
  await engine.refresh(index, { signal });
  const sort = [{ [field]: { order: 'desc', missing: '_last' } }];
  const query = { exists: { field } };
  const { hits } = await engine.search(index, { size: 1, query, sort, _source: false }, { signal });
  return hits[0]?.sort?.[0];
}

/**
 * Brings the changes since `from` (a value of `field`, a timestamp or a sequence that grows with every change) until there are none
 * left, then deletes what the source has deleted.
 */
export async function follow(
  engine: Engine,
  source: string,
  copy: PreparedCopy,
  { field, from, ...options }: CopyOptions & { readonly field: string; readonly from: unknown },
): Promise<Followed> {
  const { signal } = options;
  let added = 0;
  let mark = from;
  while (true) {
    const next = await highestValue(engine, source, field, { signal });
    const changes = copyDocuments(engine, source, copy, { ...options, query: since(field, mark, options) });
    let last: CopyReport | undefined;
    for await (const report of changes) last = report;
    added += last!.indexed - last!.updated;
    if (last!.indexed === 0) break;
    mark = next;
  }
  return { added, deleted: await deleteMissing(engine, source, copy.index, { signal }) };
}

/** With `gte`: of documents that share the last value, some may have come later. Those unchanged are passed over. */
function since(field: string, mark: unknown, { query }: CopyOptions): JsonObject {
  const changed = mark === undefined ? { match_all: {} } : { range: { [field]: { gte: mark } } };
  return { bool: { filter: query ? [query, changed] : [changed] } };
}
