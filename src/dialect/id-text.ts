import { ExactNumber } from './exact-number.js';

/** What a JSON value says as an id: a text itself, a number by its digits, all of them; nothing for any other value. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}
