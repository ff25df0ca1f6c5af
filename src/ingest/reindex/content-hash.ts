import { hash as digestOf } from 'node:crypto';
import type { JsonObject } from '../../dialect/dialect.js';
import { exactJson } from '../../dialect/exact-number.js';
import { isPlain } from '../../dialect/plain-object.js';
import { FieldTaken } from '../../mapping/field-taken.js';
import { mappedField } from '../../mapping/mapped-field.js';

/** The field of a copy that says what it was made from. */
export const HASH_FIELD = 'termweave_hash';

/** Its mapping: kept in `_source`, and nowhere else. */
export const HASH_MAPPING: JsonObject = { type: 'keyword', index: false, doc_values: false };

/** Checks that the field of an index which would hold hashes is mapped for them, or not yet. @throws {FieldTaken} */
export function mustHaveRoomForHash(mappings: JsonObject): void {
  const there = mappedField(mappings, HASH_FIELD);
  if (!there || Object.entries(HASH_MAPPING).every(([name, value]) => String(there[name]) === String(value))) return;
  throw hashFieldTaken(there);
}

/**
 * Checks that no document of a source has something else where its copy, which is mapped anew, has the hash. Hashes that came with a dump of a copy are
 * mapped as any text is.
 * @throws {FieldTaken}
 */
export function mustHoldNothingButHash(source: JsonObject): void {
  const there = mappedField(source, HASH_FIELD);
  if (there && !['text', 'keyword'].includes(String(there.type))) throw hashFieldTaken(there);
}

function hashFieldTaken({ type = 'object' }: JsonObject): FieldTaken {
  return new FieldTaken(
    HASH_FIELD,
    `the index has it already, as ${type}`,
    'termweave keeps there what a vector was made from: give that field of your documents another name',
  );
}

/**
 * A hash of all that a copy is made from, besides the plan of its index.
 * @param leftOut paths of fields that are no part of it, the vector fields first of all. The hash itself is none, either: a document and its copy have
 *   the same hash.
 */
export function contentHash(source: JsonObject, routing: string | undefined, leftOut: readonly string[]): string {
  return hashedContent(source, routing, leftOut).hash;
}

/** The {@link contentHash} with the length of what was hashed, as JSON. */
export function hashedContent(source: JsonObject, routing: string | undefined, leftOut: readonly string[]) {
  const content = inOrder(source, '', new Set([HASH_FIELD, ...leftOut]));
  const json = exactJson([routing ?? null, content]);
  const hash = digestOf('sha256', json, 'base64url').slice(0, 22);
  return { hash, length: json.length };
}

/**
 * A value with the fields of each object in one order. Engines that put vectors back into `_source` put them in an order of their own, which is not
 * even the same in a search and in a request by id.
 */
function inOrder(value: unknown, path: string, leftOut: ReadonlySet<string>): unknown {
  if (!isPlain(value)) return value;
  if (Array.isArray(value)) return value.some(isPlain) ? value.map((one) => inOrder(one, path, leftOut)) : value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return leftOut.has(at) ? [] : [[name, inOrder(inner, at, leftOut)] as const];
  });
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
