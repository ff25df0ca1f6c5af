import type { JsonObject } from '../../dialect/dialect.js';
import { isPlain } from '../../dialect/plain-object.js';
import { BodyTooLarge, InvalidBody } from '../language/body-faults.js';

/** Jackson's own bound on nesting, in every engine since its 2.15; it also bounds the recursion of the walk. */
const MAX_DEPTH = 1000;
/** Objects and arrays in one body: far beyond what any page sends. */
const MAX_PARTS = 200_000;

interface Visit {
  readonly value: object;
  readonly depth: number;
  /** Where this visit's children end: its value is then no longer an ancestor. */
  readonly leave?: true;
}

/**
 * Checks that a body is a finite tree: without recursion, so that no body overflows the stack. Only plain objects and arrays are
 * looked into; whatever else a client serialises (dates, buffers) passes.
 * @throws {InvalidBody} where it is not an object. @throws {BodyTooLarge}
 */
export function checkBody(body: unknown): asserts body is JsonObject {
  if (!isPlain(body) || Array.isArray(body)) throw new InvalidBody('', 'an object', body);
  const ancestors = new Set<object>();
  const pending: Visit[] = [{ value: body, depth: 1 }];
  for (let parts = 0; pending.length > 0; parts++) {
    const visit = pending.pop()!;
    if (visit.leave) {
      ancestors.delete(visit.value);
      continue;
    }
    enter(visit, ancestors, pending);
    if (parts > MAX_PARTS) throw tooManyParts();
  }
}

function enter({ value, depth }: Visit, ancestors: Set<object>, pending: Visit[]): void {
  if (ancestors.has(value)) throw new BodyTooLarge('', 'a part that contains itself');
  if (depth > MAX_DEPTH) throw new BodyTooLarge('', `more than ${MAX_DEPTH} levels of nesting`);
  const children = Object.values(value).filter(isPlain);
  if (children.length === 0) return;
  if (pending.length + children.length > MAX_PARTS) throw tooManyParts();
  ancestors.add(value);
  pending.push({ value, depth, leave: true });
  for (const child of children) pending.push({ value: child, depth: depth + 1 });
}

function tooManyParts(): BodyTooLarge {
  return new BodyTooLarge('', `more than ${MAX_PARTS} objects and arrays`);
}
