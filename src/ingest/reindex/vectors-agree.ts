import type { passagesIn, StoredVector } from '../../dialect/kept-passages.js';

/** One step of the nine significant bits that an index keeps, relative to a weight, at most. */
const STEP = 2 ** -8;
/** Encoders' own precision: texts that are encoded in other company differ by less (test/golden/encoder). */
const PRECISION = 1e-4;

/**
 * Whether two encodings of one text, as an index keeps them, are the same but for the last bit: batches of other sizes are added up in
 * another order. A weight may then fall to the next step, and an entry to the other side of the pruning, which is where the lightest are.
 * @param heaviest what the encoder's weights were multiplied by at the most, and their differences with them.
 */
export function vectorsAgree(one: StoredVector, other: StoredVector, heaviest = 1): boolean {
  const precision = PRECISION * heaviest;
  return hasAll(one, other, precision) && hasAll(other, one, precision);
}

/** Whether the passages of one text, encoded twice, have the same words and vectors that agree as {@link vectorsAgree} says. */
export function passagesAgree(one: Passages, other: Passages, heaviest = 1): boolean {
  return (
    one.length === other.length &&
    one.every(({ text, vector }, i) => text === other[i]!.text && vectorsAgree(vector, other[i]!.vector, heaviest))
  );
}

type Passages = ReturnType<typeof passagesIn>;

function hasAll(one: StoredVector, other: StoredVector, precision: number): boolean {
  const weights = Object.values(other);
  const lightest = weights.length === 0 ? 0 : Math.min(...weights);
  return Object.entries(one).every(([name, weight]) => {
    const there = Object.hasOwn(other, name) ? other[name]! : undefined;
    if (there !== undefined) return isNear(weight, there, precision);
    return weight <= precision || weight <= lightest || isNear(weight, lightest, precision);
  });
}

function isNear(one: number, other: number, precision: number): boolean {
  return Math.abs(one - other) <= precision + STEP * Math.max(one, other);
}
