/** Where a token stands in its text: bytes of UTF-8, from `start` up to `stop`. */
export interface TokenSpan {
  readonly start: number;
  readonly stop: number;
  readonly text: string;
}

const CONTINUATION = '##';
const MARKS = /\p{Mn}/gu;
const NOT_READ = /^[\p{Cc}\p{Cf}\s\uFFFD]$/u;
/** What BERT's pre-tokenizer cuts at: ASCII symbols, the punctuation of all scripts, ideographs. */
const ENDS_WORD = /^[\s\p{P}$+<=>^`|~\p{sc=Han}]$/u;

/**
 * Finds word pieces in the text that they were cut from, without the offsets that the tokenizer does not give: both are compared in lower
 * case and without accents, one character after the other. `undefined` for the tokens from the first on that does not fit.
 * @param unknown the token that stands for a word outside the vocabulary.
 */
export function tokenSpans(text: string, tokens: readonly string[], unknown: string): (TokenSpan | undefined)[] {
  const reader = new CharacterReader(text);
  let fits = true;
  return tokens.map((token) => {
    if (!fits) return undefined;
    const span = token === unknown ? reader.word() : reader.piece(folded(token.replace(CONTINUATION, '')));
    fits = span !== undefined;
    return span;
  });
}

class CharacterReader {
  readonly #characters: readonly string[];
  #next = 0;
  #bytes = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  /** The characters that a piece was made of. */
  piece(piece: string): TokenSpan | undefined {
    this.#skip();
    return this.#take((read) => read.length < piece.length, piece);
  }

  /** A whole word, whatever it is. */
  word(): TokenSpan | undefined {
    this.#skip();
    return this.#take((read, character) => read === '' || !(ENDS_WORD.test(read) || ENDS_WORD.test(character)));
  }

  #skip(): void {
    while (this.#next < this.#characters.length && NOT_READ.test(this.#characters[this.#next]!)) this.#step();
  }

  #take(more: (read: string, character: string) => boolean, expected?: string): TokenSpan | undefined {
    const first = this.#next;
    const start = this.#bytes;
    let read = '';
    while (this.#next < this.#characters.length && more(read, this.#characters[this.#next]!))
      read += folded(this.#step());
    // A mark after its letter belongs to it: both were folded into one.
    while (this.#next < this.#characters.length && folded(this.#characters[this.#next]!) === '') this.#step();
    if (read === '' || (expected !== undefined && read !== expected)) return undefined;
    return { start, stop: this.#bytes, text: this.#characters.slice(first, this.#next).join('') };
  }

  #step(): string {
    const character = this.#characters[this.#next++]!;
    this.#bytes += Buffer.byteLength(character);
    return character;
  }
}

function folded(text: string): string {
  return text.normalize('NFD').replace(MARKS, '').toLowerCase();
}
