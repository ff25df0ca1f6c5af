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

/** Whether a document says anything of a field, be it null. */
export function mentionsField(source: JsonObject, field: string): boolean {
  return !standingAt(source, field).next().done;
}

/** The values at a path, arrays flattened, null and absent left out. */
export function valuesAt(source: JsonObject, path: string): unknown[] {
  const values = [...standingAt(source, path)].flat(Number.POSITIVE_INFINITY);
  return values.filter((value) => value !== null && value !== undefined);
}

/**
 * What stands at a path, as it stands. Engines take dots in a name for objects wherever they are: `a.b.c` is `{a: {b: {c}}}`, `{'a.b': {c}}`,
 * `{a: {'b.c'}}` and `{'a.b.c'}`, all at once if need be.
 */
function* standingAt(value: unknown, path: string): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const item of value) yield* standingAt(item, path);
  } else if (typeof value === 'object' && value !== null && !(value instanceof ExactNumber)) {
    const object = value as JsonObject;
    for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      const name = path.slice(0, dot);
      if (Object.hasOwn(object, name)) yield* standingAt(object[name], path.slice(dot + 1));
    }
    if (Object.hasOwn(object, path)) yield object[path];
  }
}
