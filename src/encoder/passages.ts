/** How a text that is longer than a passage is encoded: in passages that overlap, its vector the maximum of theirs. */
export interface Passages {
  /** Tokens of a passage at most, special ones included; no more than the model takes. */
  readonly tokens: number;
  /** Tokens at the end of a passage that the next one begins with, at most. */
  readonly overlap: number;
}

/**
 * Puts the units of a text (sentences), each given by its tokens, into passages: as many units as `room` takes, each passage beginning with
 * the last units of the one before, as far as those have `overlap` tokens at most and leave room for one more. A unit that is longer than
 * `room` is cut.
 * @returns one passage at least, each of at most `room` tokens; without what overlaps they are the units' tokens in order.
 */
export function passagesOf(units: Iterable<readonly number[]>, room: number, overlap: number): number[][] {
  const passages: number[][] = [];
  let passage: (readonly number[])[] = [];
  for (const unit of cut(units, room)) {
    if (lengthOf(passage) + unit.length > room) {
      passages.push(passage.flat());
      passage = lastUnits(passage, Math.min(overlap, room - unit.length));
    }
    passage.push(unit);
  }
  return [...passages, passage.flat()];
}

function* cut(units: Iterable<readonly number[]>, room: number): Generator<readonly number[]> {
  for (const unit of units) {
    for (let start = 0; start < unit.length; start += room) yield unit.slice(start, start + room);
  }
}

/** The last units that have `most` tokens together, or fewer; never all of them. */
function lastUnits(units: readonly (readonly number[])[], most: number): (readonly number[])[] {
  let first = units.length;
  let sum = 0;
  while (first > 1 && sum + units[first - 1]!.length <= most) sum += units[--first]!.length;
  return units.slice(first);
}

function lengthOf(units: readonly (readonly number[])[]): number {
  return units.reduce((sum, unit) => sum + unit.length, 0);
}
