import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, Hit } from '../../engine/engine.js';
import { IndexUnavailable } from '../../engine/engine-faults.js';
import { contentHash, HASH_FIELD } from './content-hash.js';

/**
 * Which documents of a copy were written or changed by others: an application whose alias was moved writes there. Those have no hash, or one
 * that their content does not have. They are nowhere else, so that termweave neither replaces nor deletes them.
 * @param documents ids and routings of documents that are in the copy.
 * @returns their keys: see {@link keyOf}.
 */
export async function foreignAmong(
  engine: Engine,
  copy: string,
  documents: readonly Pick<Hit, 'id' | 'routing'>[],
  vectorFields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const found = await documentsByKey(engine, copy, documents, signal);
  const isForeign = ({ _source: source, routing }: FoundDocument) =>
    source?.[HASH_FIELD] !== contentHash(source ?? {}, routing, vectorFields);
  return new Set([...found].filter(([, one]) => one.found && isForeign(one)).map(([key]) => key));
}

/** A document as `_mget` tells of it. */
export interface FoundDocument {
  readonly found: boolean;
  readonly routing?: string;
  readonly _source?: JsonObject;
}

/**
 * Documents by id and routing, which sees what no search sees before the next refresh.
 * @throws {IndexUnavailable} where the engine cannot tell of one whether it is there.
 */
export async function documentsByKey(
  engine: Engine,
  index: string,
  documents: readonly Pick<Hit, 'id' | 'routing'>[],
  signal: AbortSignal | undefined,
  source = true,
): Promise<Map<string, FoundDocument>> {
  if (documents.length === 0) return new Map();
  const docs = documents.map(({ id, routing }) => ({ _id: id, routing, _source: source }));
  const path = `/${encodeURIComponent(index)}/_mget`;
  const answer = await engine.request({ method: 'POST', path, body: { docs }, signal, repeatable: true });
  const found = (answer as { docs: readonly (FoundDocument & { _id: string; error?: unknown })[] }).docs;
  const unsure = found.find(({ error }) => error !== undefined);
  if (unsure) throw new IndexUnavailable(index, `it does not say whether it has document ${unsure._id}`);
  return new Map(documents.map((one, i) => [keyOf(one), { ...found[i]!, routing: one.routing }]));
}

/** What tells a document from every other one of its index. */
export function keyOf({ id, routing = '' }: Pick<Hit, 'id' | 'routing'>): string {
  return JSON.stringify([routing, id]);
}
