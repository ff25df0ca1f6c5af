import type { JsonObject } from '../dialect/dialect.js';
import { ExactNumber } from '../dialect/exact-number.js';

/** A field that holds what no text can be made of. */
export interface NotText {
  readonly field: string;
  readonly found: string;
}

/**
 * The text of a document that a vector is made from: the named fields in order, joined by a space, those without text left out.
 * A name with dots goes into objects. As the engines do for text fields, numbers and booleans count as their digits and words, and
 * the items of an array as text one after the other; null and absent fields are no text.
 */
export function documentText(source: JsonObject, fields: readonly string[]): string | NotText {
  const parts: string[] = [];
  for (const field of fields) {
    for (const value of valuesAt(source, field)) {
      if (typeof value === 'object' && !(value instanceof ExactNumber)) return { field, found: 'an object' };
      const text = String(value).trim();
      if (text !== '') parts.push(text);
    }
  }
  return parts.join(' ');
}

/** The text of the first of the fields that has any, as {@link documentText} reads it; empty where none has. */
export function firstText(source: JsonObject, fields: readonly string[]): string {
  const texts = fields.map((field) => documentText(source, [field]));
  return texts.find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

/** The values at a path, arrays flattened, null and absent left out. */
function valuesAt(value: unknown, path: string): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === '') return [value];
  if (typeof value !== 'object') return [];
  const object = value as JsonObject;
  if (Object.hasOwn(object, path)) return valuesAt(object[path], '');
  const dot = path.indexOf('.');
  if (dot < 0 || !Object.hasOwn(object, path.slice(0, dot))) return [];
  return valuesAt(object[path.slice(0, dot)], path.slice(dot + 1));
}
