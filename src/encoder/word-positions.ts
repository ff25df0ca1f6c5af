import type { TextTokenizer } from './tokenizer.js';

/** A text's tokens, and the words they are of. */
export interface WordPositions {
  readonly ids: readonly number[];
  /** For each position, the word; `undefined` for special tokens and for what stands between words. */
  readonly words: readonly (string | undefined)[];
}

/** Letters, marks and digits, with the apostrophes and hyphens inside; a character of a script without spaces is a word. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/**
 * Finds the word of each token, whatever the tokenizer: a word's tokens are those that the text up to its end has more than the
 * text up to its beginning. Words past the cut have none, and those of the `prompt` before the text are none of its.
 */
export function wordPositions(tokenizer: TextTokenizer, text: string, maxTokens: number, prompt = ''): WordPositions {
  const { ids } = tokenizer.encode(text, maxTokens, prompt);
  const tokensUpTo = (end: number) => tokenizer.tokensIn((prompt + text.slice(0, end)).trimEnd());
  const bare = ids.length - tokenizer.specialTokens;
  const words = new Array<string | undefined>(ids.length).fill(undefined);
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const start = tokensUpTo(index);
    if (start >= bare) break;
    const end = Math.min(bare, tokensUpTo(index + word.length));
    words.fill(word, tokenizer.leadingTokens + start, tokenizer.leadingTokens + end);
  }
  return { ids, words };
}
