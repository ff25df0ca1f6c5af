import type { JsonObject } from '../../dialect/dialect.js';

/** What a file's format makes of its bytes: an object of fields, or what could not be read as one. `line` counts from 1. */
export type Row =
  | { readonly ok: true; readonly line: number; readonly fields: JsonObject }
  | { readonly ok: false; readonly line: number; readonly reason: string; readonly text: string };

/** How much of an unreadable line is kept, in characters. */
const EXCERPT = 2000;

export function unreadable(line: number, reason: string, text: string): Row {
  return { ok: false, line, reason, text: text.slice(0, EXCERPT) };
}
