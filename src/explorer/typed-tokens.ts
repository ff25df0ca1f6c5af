import type { Vocabulary } from '../sparse/vocabulary.js';

const MARKS = /\p{Mn}/gu;
const WORDS = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * The word pieces that a text itself consists of, in lower case and without accents, each cut as long as the vocabulary has it
 * (WordPiece, Schuster and Nakajima 2012): every other term of the text's vector is an expansion.
 */
export function typedTokens(text: string, vocabulary: Pick<Vocabulary, 'idOf'>): Set<string> {
  const words = text.toLowerCase().normalize('NFD').replace(MARKS, '').match(WORDS) ?? [];
  return new Set(words.flatMap((word) => piecesOf(word, vocabulary)));
}

/** A word that cannot be cut to its end stands for the unknown token: it has no pieces. */
function piecesOf(word: string, vocabulary: Pick<Vocabulary, 'idOf'>): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < word.length; ) {
    const piece = longestPiece(word, start, vocabulary);
    if (piece === undefined) return [];
    pieces.push(piece);
    start += piece.length - (start > 0 ? CONTINUATION.length : 0);
  }
  return pieces;
}

const CONTINUATION = '##';

function longestPiece(word: string, start: number, vocabulary: Pick<Vocabulary, 'idOf'>): string | undefined {
  for (let end = word.length; end > start; end--) {
    const piece = `${start > 0 ? CONTINUATION : ''}${word.slice(start, end)}`;
    if (vocabulary.idOf(piece) !== undefined) return piece;
  }
  return undefined;
}
