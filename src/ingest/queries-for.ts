import type { JsonObject } from '../dialect/dialect.js';

/** An engine reads a query with every page that it gives: so many ids are some tens of kilobytes. */
const IDS_AT_ONCE = 1000;

/** Which documents of an index. */
export interface WhichDocuments {
  /** Those that match a query of the engine's own. Default: all. */
  readonly query?: JsonObject;
  /** Of these, only those with one of these ids, however many. */
  readonly ids?: readonly string[];
}

/** Queries that find the documents together, each document once; `undefined` stands for all. */
export function* queriesFor({ query, ids }: WhichDocuments): Generator<JsonObject | undefined> {
  if (!ids) return yield query;
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = { ids: { values: ids.slice(start, start + IDS_AT_ONCE) } };
    yield { bool: { filter: query ? [query, some] : [some] } };
  }
}
