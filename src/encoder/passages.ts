/** How a text that is longer than a passage is encoded: in passages that overlap, its vector the maximum of theirs. */
export interface Passages {
  /** Tokens of a passage at most, special ones included; no more than the model takes. */
  readonly tokens: number;
  /** Tokens at the end of a passage that the next one begins with, at most. */
  readonly overlap: number;
  /** Whether each passage's own vector is wanted, too: `Encoded.passages`. */
  readonly kept?: boolean;
}

/** Where something stands in its text: from `start` to before `end`, in UTF-16 units. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** What a passage begins and ends with: a sentence, a word or a part of one. */
export interface TextUnit extends TextPlace {
  /** About so many tokens it adds to a passage. How many those of a passage are is known only when it is tokenized as a whole. */
  readonly tokens: number;
}

/** How the passages of a text are made. */
export interface PassageMaking<Passage> {
  /** Tokens of a passage, and those at its end that the next one begins with, at most. */
  readonly room: number;
  readonly overlap: number;
  /** The passage at a place, and whether all of it fits into the room. */
  readonly passageAt: (place: TextPlace) => Passage & { readonly truncated: boolean };
  /** Smaller units that a unit consists of; itself where it cannot be divided. */
  readonly divided: (unit: TextUnit) => readonly TextUnit[];
}

/**
 * Puts the units of a text into passages: as many as there is room for, each passage beginning with the last units of the one before, as far
 * as those have `overlap` tokens at most and leave room for one more. Units are counted one by one to choose the bounds; then the passage
 * decides, for tokens join and part where units meet: what does not fit goes to the next. A unit that is longer than a passage is divided.
 * @returns passages that begin and end where units do and leave none out; they are whole, unless one indivisible unit is longer than a passage.
 */
export function passagesOf<Passage>(units: Iterable<TextUnit>, making: PassageMaking<Passage>): Passage[] {
  const { room, overlap, divided } = making;
  const passages: Passage[] = [];
  /** The next one last. */
  const coming = [...units].reverse();
  let repeated: TextUnit[] = [];
  while (coming.length > 0) {
    const most = [...repeated, ...nextUnits(coming, room - tokensOf(repeated))];
    const { passage, first, end } = firstWhole(most, repeated.length, making);
    giveBack(coming, most.slice(end));
    const parts = passage.truncated ? divided(most[first]!) : [];
    if (parts.length > 1) {
      giveBack(coming, parts);
      continue;
    }
    passages.push(passage);
    const next = coming.at(-1)?.tokens ?? 0;
    repeated = lastUnits(most.slice(first, end), Math.min(overlap, room - next));
  }
  return passages;
}

/** Takes units as long as there is room for them, and one at least. */
function nextUnits(coming: TextUnit[], room: number): TextUnit[] {
  const taken = [coming.pop()!];
  let left = room - taken[0]!.tokens;
  while (coming.length > 0 && coming.at(-1)!.tokens <= left) {
    left -= coming.at(-1)!.tokens;
    taken.push(coming.pop()!);
  }
  return taken;
}

/** The first passage that is whole: of all units, without the last ones, or with one behind `repeated` ones and without the first of these; else of that one. */
function firstWhole<Passage>(units: readonly TextUnit[], repeated: number, { passageAt }: PassageMaking<Passage>) {
  let [first, end] = [0, units.length];
  for (;;) {
    const passage = passageAt({ start: units[first]!.start, end: units[end - 1]!.end });
    if (!passage.truncated) return { passage, first, end };
    if (end > repeated + 1) end--;
    else if (first < repeated) first++;
    else return { passage, first, end };
  }
}

function giveBack(coming: TextUnit[], units: readonly TextUnit[]): void {
  for (const unit of units.toReversed()) coming.push(unit);
}

/** The last units that have `most` tokens together, or fewer; never all of them. */
function lastUnits(units: readonly TextUnit[], most: number): TextUnit[] {
  let first = units.length;
  let sum = 0;
  while (first > 1 && sum + units[first - 1]!.tokens <= most) sum += units[--first]!.tokens;
  return units.slice(first);
}

function tokensOf(units: readonly TextUnit[]): number {
  return units.reduce((sum, { tokens }) => sum + tokens, 0);
}
