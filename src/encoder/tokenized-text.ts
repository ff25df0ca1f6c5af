import type { TokenSpan } from './token-span.js';
import type { TokenSpans } from './token-spans.js';
import type { TextTokenizer } from './tokenizer.js';

/** A token of a text. */
export interface TextToken {
  readonly id: number;
  /** Where it stands; nowhere where that cannot be told. */
  readonly span: TokenSpan | undefined;
}

/** All tokens of a text, however many the model takes, and the special ones around them. */
export interface TokenizedText {
  readonly before: readonly number[];
  readonly tokens: readonly TextToken[];
  readonly after: readonly number[];
}

/** Tokenizes a text, the model's prompt aside, and finds its tokens in it. */
export function tokenizedText(tokenizer: TextTokenizer, spansOf: TokenSpans, text: string): TokenizedText {
  const { before, after } = tokenizer;
  const { ids, tokens } = tokenizer.pieces(text);
  const spans = spansOf(text, tokens);
  return { before, tokens: ids.map((id, i) => ({ id, span: spans[i] })), after };
}
