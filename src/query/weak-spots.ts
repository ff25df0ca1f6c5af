import type { Vocabulary } from '../sparse/vocabulary.js';

/**
 * Where a learned sparse model is known to be weak, and words alone are the better guide. `short`: one word says too little to expand.
 * `identifier`: codes, part numbers and years, whose pieces mean nothing. `unknown-words`: half of the words or more are not in the
 * vocabulary, as with names, jargon and other languages. `other-script`: letters that an English vocabulary has only one by one.
 */
export type WeakSpot = 'short' | 'identifier' | 'unknown-words' | 'other-script';

const WORD = /[\p{L}\p{M}\p{N}_]+(?:[-./:@#][\p{L}\p{M}\p{N}_]+)*/gu;
/** How vocabularies write a word that begins after a blank: WordPiece, byte-level BPE, SentencePiece. */
const BEGINNINGS = ['', 'Ġ', '▁'];

/** The weak spots of a query's text under a vocabulary, by rules on its words alone; empty for most queries. */
export function weakSpots(text: string, vocabulary: Vocabulary): WeakSpot[] {
  const words = text.match(WORD) ?? [];
  const found: WeakSpot[] = [];
  if (words.length <= 1) found.push('short');
  if (words.some(isIdentifier)) found.push('identifier');
  if (words.length > 0 && share(words, (word) => !isKnown(word, vocabulary)) >= 0.5) found.push('unknown-words');
  if (share([...text].filter(isLetter), (letter) => !/\p{Script=Latin}/u.test(letter)) >= 0.5)
    found.push('other-script');
  return found;
}

/** Digits among letters or signs (`B12`, `1998-04-01`, `RFC2616`), or four digits and more. */
function isIdentifier(word: string): boolean {
  return /\p{N}/u.test(word) && (/[\p{L}\-./:@#_]/u.test(word) || word.length >= 4);
}

/** A compound counts as known where each of its parts is. */
function isKnown(word: string, vocabulary: Vocabulary): boolean {
  const parts = word.split(/[-./:@#]/);
  return parts.every((part) => [part, plain(part)].some((form) => BEGINNINGS.some((begin) => vocabulary.idOf(begin + form) !== undefined))); // biome-ignore format: one rule
}

/** Lower case without accents, as uncased vocabularies have it. */
function plain(word: string): string {
  return word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function share<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(is).length / items.length;
}
