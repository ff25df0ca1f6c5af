import { type Passages, passagesOf, type TextPlace, type TextUnit } from './passages.js';
import type { TextTokenizer, Tokens } from './tokenizer.js';

/** A passage as token ids, and where it stands in its text. */
export interface TokenizedPassage extends Tokens, TextPlace {}

/** Unicode's own sentence boundaries (UAX 29), of no language in particular. */
const SENTENCES = new Intl.Segmenter('und', { granularity: 'sentence' });
/** A token is one character at least, but for those of byte-level tokenizers: a character may be one token for each of its bytes. */
const TOKENS_PER_CHARACTER = 4;

/**
 * A text in overlapping passages: at sentence boundaries, of a sentence that is longer than a passage at its words, of such a word between
 * characters; without the white space around it, unless the text is one passage. A passage has the ids that its own text would have alone.
 * @param prompt stands before each passage, and counts.
 */
export function encodePassages(
  tokenizer: TextTokenizer,
  text: string,
  { tokens, overlap }: Passages,
  prompt = '',
): TokenizedPassage[] {
  const passageAt = ({ start, end }: TextPlace) => ({
    ...tokenizer.encode(text.slice(start, end), tokens, prompt),
    start,
    end,
  });
  const whole = passageAt({ start: 0, end: text.length });
  if (!whole.truncated) return [whole];
  const room = Math.max(1, tokens - tokenizer.specialTokens - tokenizer.tokensIn(prompt));
  const counted = (places: readonly TextPlace[], start: number) => countedUnits(tokenizer, text, places, start, room);
  const divided = (unit: TextUnit) => counted(partsOf(text, unit, room), unit.start);
  const passages = passagesOf(counted(sentencesOf(text), 0), { room, overlap, passageAt, divided });
  return passages.length > 0 ? passages : [passageAt({ start: 0, end: 0 })];
}

/** The units at these places, each counted with the white space before it, where a tokenizer that keeps spaces puts them. */
function countedUnits(
  tokenizer: TextTokenizer,
  text: string,
  places: readonly TextPlace[],
  from: number,
  room: number,
) {
  let last = from;
  return places.map(({ start, end }): TextUnit => {
    const unit = { start, end, tokens: tokenizer.tokensIn(text.slice(last, end), room) };
    last = end;
    return unit;
  });
}

function sentencesOf(text: string): TextPlace[] {
  return Array.from(SENTENCES.segment(text), ({ segment, index }): TextPlace => {
    const start = index + segment.length - segment.trimStart().length;
    return { start, end: start + segment.trim().length };
  }).filter(({ start, end }) => end > start);
}

/** The words of a unit; of a word, runs of characters that are no longer than half of it, and fit into the room; of a character, itself. */
function partsOf(text: string, { start, end }: TextPlace, room: number): TextPlace[] {
  const unit = text.slice(start, end);
  const words = Array.from(unit.matchAll(/\S+/g), ({ 0: word, index }) => placeAt(start + index, word));
  if (words.length > 1) return words;
  const characters = [...unit];
  const length = Math.max(1, Math.min(Math.floor(room / TOKENS_PER_CHARACTER), Math.ceil(characters.length / 2)));
  const parts: TextPlace[] = [];
  for (let first = 0, at = start; first < characters.length; first += length) {
    const part = placeAt(at, characters.slice(first, first + length).join(''));
    parts.push(part);
    at = part.end;
  }
  return parts;
}

function placeAt(start: number, { length }: string): TextPlace {
  return { start, end: start + length };
}
