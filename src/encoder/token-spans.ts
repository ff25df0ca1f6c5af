import { byteSpans } from './byte-spans.js';
import { CharacterReader } from './character-reader.js';
import type { TokenSpan } from './token-span.js';

/**
 * Finds tokens in the text that they were cut from, without the offsets that the tokenizer does not give; `undefined` for the tokens from the
 * first on that does not fit.
 */
export type TokenSpans = (text: string, tokens: readonly string[]) => (TokenSpan | undefined)[];

/** What of a `tokenizer.json` decides how tokens are written. */
interface SpellingFile {
  readonly model: {
    readonly type?: string;
    readonly unk_token?: string;
    readonly continuing_subword_prefix?: string;
  };
  readonly pre_tokenizer?: PreTokenizer | null;
  readonly post_processor?: { readonly trim_offsets?: boolean } | null;
}

interface PreTokenizer {
  readonly type: string;
  readonly pretokenizers?: readonly PreTokenizer[];
}

const MARKS = /\p{Mn}/gu;
/** What sentence-piece models write for a space, and before the first word. */
const SPACE = '▁';

/** How the tokens of a `tokenizer.json` are found: bytes by counting them, word pieces without case and accents, others as NFKC writes them. */
export function tokenSpansOf(tokenizer: object): TokenSpans {
  const { model, pre_tokenizer, post_processor } = tokenizer as SpellingFile;
  if (isByteLevel(pre_tokenizer)) return (text, tokens) => byteSpans(text, tokens, post_processor?.trim_offsets);
  return model.type === 'WordPiece' ? wordPieceSpans(model) : sentencePieceSpans;
}

function isByteLevel(step: PreTokenizer | null | undefined): boolean {
  return step?.type === 'ByteLevel' || (step?.pretokenizers ?? []).some(isByteLevel);
}

function wordPieceSpans({
  unk_token: unknown = '[UNK]',
  continuing_subword_prefix: prefix = '##',
}: SpellingFile['model']): TokenSpans {
  const folded = (text: string) => text.normalize('NFD').replace(MARKS, '').toLowerCase();
  return spansBy(folded, (token, reader) => {
    if (token === unknown) return reader.word();
    return reader.piece(token.startsWith(prefix) ? token.slice(prefix.length) : token);
  });
}

/** A mark for a space that is none stands where the next character does. */
const sentencePieceSpans = spansBy(
  (text) => text.normalize('NFKC'),
  (token, reader) => {
    const piece = token.startsWith(SPACE) ? token.slice(SPACE.length) : token;
    return piece === '' ? reader.ahead() : reader.piece(piece);
  },
);

function spansBy(
  folded: (text: string) => string,
  next: (token: string, reader: CharacterReader) => TokenSpan | undefined,
): TokenSpans {
  return (text, tokens) => {
    const reader = new CharacterReader(text, folded);
    let fits = true;
    return tokens.map((token) => {
      const span = fits ? next(token, reader) : undefined;
      fits = span !== undefined;
      return span;
    });
  };
}
