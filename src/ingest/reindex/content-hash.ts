import { createHash } from 'node:crypto';
import type { JsonObject } from '../../dialect/dialect.js';
import { exactJson } from '../../dialect/exact-number.js';

/** The field of a copy that says what it was made from. */
export const HASH_FIELD = 'termweave_hash';

/** Its mapping: kept in `_source`, and nowhere else. */
export const HASH_MAPPING: JsonObject = { type: 'keyword', index: false, doc_values: false };

/**
 * A hash of all that a copy is made from, besides the plan of its index.
 * @param vectorFields left out, and so is the hash itself: a document and its copy have the same hash.
 */
export function contentHash(source: JsonObject, routing: string | undefined, vectorFields: readonly string[]): string {
  return hashedContent(source, routing, vectorFields).hash;
}

/** The {@link contentHash} with the length of what was hashed, as JSON. */
export function hashedContent(source: JsonObject, routing: string | undefined, vectorFields: readonly string[]) {
  const content = Object.entries(source).filter(([name]) => name !== HASH_FIELD && !vectorFields.includes(name));
  const json = exactJson([routing ?? null, Object.fromEntries(content)]);
  const hash = createHash('sha256').update(json).digest('base64url').slice(0, 22);
  return { hash, length: json.length };
}
