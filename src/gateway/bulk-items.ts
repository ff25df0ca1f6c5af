import type { JsonObject } from '../dialect/dialect.js';
import { parseExactJson } from '../dialect/exact-number.js';
import { isObject } from '../query/translation/check-body.js';

/** One item of a bulk, in its lines as they were written. */
interface BulkItem {
  readonly lines: readonly string[];
  /** What its action's line says. */
  readonly action: JsonObject;
  /** `undefined` where it has none, or one that is no JSON object: the engine fails such an item alone. */
  readonly document?: JsonObject;
}

const KINDS: ReadonlySet<string | undefined> = new Set(['index', 'create', 'update', 'delete']);

/**
 * Follows the lines of a bulk as engines split it: an action, and whatever its next line is as its document unless it deletes. Only actions
 * are read for that, so a broken document is that item's affair, and a broken action the end of the bulk.
 */
export class BulkLines {
  /** From the first line on that is no action the rest passes as it is: the engine says what it thinks of it. */
  isBroken = false;
  #expectsDocument = false;

  /** Whether the next line begins an item. */
  isComplete(line: string): boolean {
    if (this.isBroken) return true;
    if (this.#expectsDocument) {
      this.#expectsDocument = false;
      return true;
    }
    if (line.trim() === '') return true;
    const action = actionIn(line);
    this.isBroken = action === undefined;
    this.#expectsDocument = action !== undefined && hasDocument(action);
    return !this.#expectsDocument;
  }
}

/** The items of whole lines, and the lines from the first on that is no action. */
export function bulkItems(lines: readonly string[]): { readonly items: BulkItem[]; readonly rest: readonly string[] } {
  const items: BulkItem[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.trim() === '') continue;
    const action = actionIn(lines[i]!);
    if (!action) return { items, rest: lines.slice(i) };
    const length = hasDocument(action) ? 2 : 1;
    const document = length === 2 ? objectIn(lines[i + 1] ?? '') : undefined;
    items.push({ lines: lines.slice(i, i + length), action, document });
    i += length - 1;
  }
  return { items, rest: [] };
}

function hasDocument(action: JsonObject): boolean {
  return Object.keys(action)[0] !== 'delete';
}

/** `{"index": {...}}` and its like. */
function actionIn(line: string): JsonObject | undefined {
  const object = objectIn(line);
  const [kind, about] = Object.entries(object ?? {})[0] ?? [];
  return KINDS.has(kind) && isObject(about) ? object : undefined;
}

function objectIn(line: string): JsonObject | undefined {
  try {
    const value = parseExactJson(line, 'as written');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
