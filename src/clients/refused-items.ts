import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';
import { bulkItemsIn } from './bulk-reader.js';
import { linesIn, linesInFormOf, type ReadRequest, textOfBytes } from './wire-request.js';

/** An item's answer: `{"index": {"_id": "1", "status": 201}}`. */
type ItemAnswer = Readonly<Record<string, unknown>>;

/** An unknown field, a field of another type; an index that is gone. */
export function isRefusal(status: unknown): boolean {
  return status === 400 || status === 404;
}

/** Whether an engine refused what this is the answer to: a search, a document, an item of a bulk. */
export function isRefused(answer: unknown): boolean {
  return isObject(answer) && answer.error !== undefined && isRefusal(answer.status);
}

/** What became of each item of a bulk; empty for an answer to anything else, and where `filter_path` leaves them out. */
export function itemsIn(answer: unknown): readonly unknown[] {
  const items = isObject(answer) && Array.isArray(answer.items) ? (answer.items as readonly ItemAnswer[]) : [];
  return items.map(outcomeOf);
}

/** The items of a bulk that its engine refused, to be sent once more by themselves. */
export class RefusedItems {
  private constructor(
    /** As the application gave them. */
    readonly request: ReadRequest,
    private readonly positions: readonly number[],
  ) {}

  /** `undefined` where there are none, or where the answer does not say which. */
  static of(request: ReadRequest, answer: JsonObject): RefusedItems | undefined {
    const field = request.bulkBody === undefined ? 'body' : 'bulkBody';
    const given = textOfBytes(request[field]);
    const lines = linesIn(given) ?? [];
    const items = [...bulkItemsIn(lines)].filter(({ action }) => action);
    const outcomes = itemsIn(answer);
    if (items.length !== outcomes.length) return undefined;
    const done = new Set<unknown>();
    const positions: number[] = [];
    // From the last on: an item that was refused must not undo what one after it has done to the same document.
    for (const [position, { action }] of [...items.entries()].reverse()) {
      const { _id: id } = action!.about;
      if (!isRefused(outcomes[position])) done.add(id);
      else if (id === undefined || !done.has(id)) positions.unshift(position);
    }
    if (positions.length === 0) return undefined;
    const refused = positions.flatMap((position) => items[position]!.lines);
    return new RefusedItems({ ...request, [field]: linesInFormOf(given, refused) }, positions);
  }

  /** The answer to the whole bulk, of the first one and the one to these items. */
  joined(first: JsonObject, later: JsonObject): JsonObject {
    const items = [...(first.items as readonly ItemAnswer[])];
    const again = Array.isArray(later.items) ? (later.items as readonly ItemAnswer[]) : [];
    for (const [i, item] of again.entries()) items[this.positions[i]!] = item;
    return {
      ...first,
      ...(first.took !== undefined && { took: Number(first.took) + Number(later.took ?? 0) }),
      ...(first.errors !== undefined && { errors: items.some((item) => outcomeOf(item)?.error !== undefined) }),
      items,
    };
  }
}

function outcomeOf(item: ItemAnswer): JsonObject | undefined {
  const [outcome] = Object.values(item);
  return isObject(outcome) ? outcome : undefined;
}
