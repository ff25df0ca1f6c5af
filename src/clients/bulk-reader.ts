import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';
import { objectIn } from './wire-request.js';

/** One item of a bulk, in its lines as they were given: texts, or objects that are not yet written. */
export interface BulkItem<Line = unknown> {
  readonly lines: readonly Line[];
  /** What is to be done. Absent for an empty line, and from the first line on that is no action: the engine says what it thinks of those. */
  readonly action?: BulkAction;
}

/** `{"index": {"_index": "books"}}` and its like. */
export interface BulkAction {
  readonly kind: string;
  readonly about: JsonObject;
  /** As it was written. */
  readonly object: JsonObject;
}

const KINDS: ReadonlySet<string | undefined> = new Set(['index', 'create', 'update', 'delete']);

/**
 * Reads the lines of a bulk as engines split it: an action, and whatever its next line is as its document unless it deletes. Only actions
 * are read for that, so a broken document is that item's affair, and a broken action the end of the bulk.
 */
export class BulkReader<Line = unknown> {
  #isBroken = false;
  #begun: { readonly line: Line; readonly action: BulkAction } | undefined;

  /** The item that a line ends; `undefined` where its document is still to come. */
  read(line: Line): BulkItem<Line> | undefined {
    if (this.#begun) {
      const { line: first, action } = this.#begun;
      this.#begun = undefined;
      return { lines: [first, line], action };
    }
    if (this.#isBroken || isEmpty(line)) return { lines: [line] };
    const action = actionIn(line);
    this.#isBroken = action === undefined;
    if (!action || action.kind === 'delete') return { lines: [line], action };
    this.#begun = { line, action };
    return undefined;
  }

  /** At the end: an action whose document never came. */
  rest(): BulkItem<Line> | undefined {
    return this.#begun && { lines: [this.#begun.line], action: this.#begun.action };
  }
}

/** The document of an item, or what an update says; `undefined` where it has none, or one that is no JSON object: the engine fails such an item alone. */
export function documentOf({ lines: [, line] }: BulkItem): JsonObject | undefined {
  return line === undefined ? undefined : objectIn(line);
}

/** All items of a bulk that is at hand. */
export function* bulkItemsIn<Line>(lines: Iterable<Line>): Generator<BulkItem<Line>> {
  const reader = new BulkReader<Line>();
  for (const line of lines) {
    const item = reader.read(line);
    if (item) yield item;
  }
  const rest = reader.rest();
  if (rest) yield rest;
}

function isEmpty(line: unknown): boolean {
  return typeof line === 'string' && line.trim() === '';
}

function actionIn(line: unknown): BulkAction | undefined {
  const object = objectIn(line);
  const [kind, about] = Object.entries(object ?? {})[0] ?? [];
  return object && kind !== undefined && KINDS.has(kind) && isObject(about) ? { kind, about, object } : undefined;
}
