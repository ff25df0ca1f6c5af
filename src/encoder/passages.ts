/** How a text that is longer than a passage is encoded: in passages that overlap, its vector the maximum of theirs. */
export interface Passages {
  /** Tokens of a passage at most, special ones included; no more than the model takes. */
  readonly tokens: number;
  /** Tokens at the end of a passage that the next one begins with, at most. */
  readonly overlap: number;
  /** Whether each passage's own vector is wanted, too: `Encoded.passages`. */
  readonly kept?: boolean;
}

/** A part of a text, as tokens, and where it stands there: from `start` to before `end`, in UTF-16 units. */
export interface TextPart {
  readonly ids: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Puts the units of a text (sentences), each given by its tokens, into passages: as many units as `room` takes, each passage beginning with
 * the last units of the one before, as far as those have `overlap` tokens at most and leave room for one more. A unit that is longer than
 * `room` is cut between tokens; each of its parts stands where the whole unit does.
 * @returns one passage at least, each of at most `room` tokens; without what overlaps they are the units' tokens in order.
 */
export function passagesOf(units: Iterable<TextPart>, room: number, overlap: number): TextPart[] {
  const passages: TextPart[] = [];
  let passage: TextPart[] = [];
  for (const unit of cut(units, room)) {
    if (lengthOf(passage) + unit.ids.length > room) {
      passages.push(joined(passage));
      passage = lastUnits(passage, Math.min(overlap, room - unit.ids.length));
    }
    passage.push(unit);
  }
  return [...passages, joined(passage)];
}

function* cut(units: Iterable<TextPart>, room: number): Generator<TextPart> {
  for (const unit of units) {
    const { ids } = unit;
    for (let start = 0; start < ids.length; start += room) yield { ...unit, ids: ids.slice(start, start + room) };
  }
}

/** The last units that have `most` tokens together, or fewer; never all of them. */
function lastUnits(units: readonly TextPart[], most: number): TextPart[] {
  let first = units.length;
  let sum = 0;
  while (first > 1 && sum + units[first - 1]!.ids.length <= most) sum += units[--first]!.ids.length;
  return units.slice(first);
}

function joined(units: readonly TextPart[]): TextPart {
  return { ids: units.flatMap(({ ids }) => ids), start: units[0]?.start ?? 0, end: units.at(-1)?.end ?? 0 };
}

function lengthOf(units: readonly TextPart[]): number {
  return units.reduce((sum, { ids }) => sum + ids.length, 0);
}
