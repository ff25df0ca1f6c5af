import type { passagesIn, StoredVector } from '../../dialect/kept-passages.js';

/** One step of the nine significant bits that an index keeps, relative to a weight, at most. */
const STEP = 2 ** -8;
/** Encoders' own precision: texts that are encoded in other company differ by less (test/golden/encoder). */
const PRECISION = 1e-4;

/**
 * Whether two encodings of one text, as an index keeps them, are the same but for the last bit: batches of other sizes are added up in
 * another order. A weight may then fall to the next step, and an entry to the other side of the pruning, which is where the lightest are.
 */
export function vectorsAgree(one: StoredVector, other: StoredVector): boolean {
  return hasAll(one, other) && hasAll(other, one);
}

/** Whether the passages of one text, encoded twice, have the same words and vectors that agree. */
export function passagesAgree(one: Passages, other: Passages): boolean {
  return (
    one.length === other.length &&
    one.every(({ text, vector }, i) => text === other[i]!.text && vectorsAgree(vector, other[i]!.vector))
  );
}

type Passages = ReturnType<typeof passagesIn>;

function hasAll(one: StoredVector, other: StoredVector): boolean {
  const weights = Object.values(other);
  const lightest = weights.length === 0 ? 0 : Math.min(...weights);
  return Object.entries(one).every(([name, weight]) => {
    const there = Object.hasOwn(other, name) ? other[name]! : undefined;
    if (there !== undefined) return isNear(weight, there);
    return weight <= PRECISION || weight <= lightest || isNear(weight, lightest);
  });
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= PRECISION + STEP * Math.max(one, other);
}
