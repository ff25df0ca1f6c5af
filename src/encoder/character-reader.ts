import type { TokenSpan } from './token-span.js';

/** What tokenizers leave out, and what they cannot read. */
const NOT_READ = /^[\p{Cc}\p{Cf}\s\uFFFD]$/u;
/** What BERT's pre-tokenizer cuts at: ASCII symbols, the punctuation of all scripts, ideographs. */
const ENDS_WORD = /^[\s\p{P}$+<=>^`|~\p{sc=Han}]$/u;

/** Reads a text piece by piece; text and pieces are compared as `folded` writes both, character after character. */
export class CharacterReader {
  readonly #characters: readonly string[];
  #next = 0;
  #bytes = 0;

  constructor(
    text: string,
    readonly folded: (text: string) => string,
  ) {
    this.#characters = [...text];
  }

  /** The characters that a piece was made of; `undefined` where others come. */
  piece(piece: string): TokenSpan | undefined {
    const expected = this.folded(piece);
    this.#skip(expected);
    return this.#take((read) => read.length < expected.length, expected);
  }

  /** The next character that is read, which stays to be read. */
  ahead(): TokenSpan | undefined {
    this.#skip();
    const text = this.#characters[this.#next];
    return text === undefined ? undefined : { start: this.#bytes, stop: this.#bytes + Buffer.byteLength(text), text };
  }

  /** A whole word, whatever it is. */
  word(): TokenSpan | undefined {
    this.#skip();
    return this.#take((read, character) => read === '' || !(ENDS_WORD.test(read) || ENDS_WORD.test(character)));
  }

  /** Past what is not read, unless a piece begins with it. */
  #skip(piece = ''): void {
    for (let next = this.#characters[this.#next]; next !== undefined; next = this.#characters[this.#next]) {
      if (!NOT_READ.test(next) || piece.startsWith(next)) return;
      this.#step();
    }
  }

  #take(more: (read: string, character: string) => boolean, expected?: string): TokenSpan | undefined {
    const first = this.#next;
    const start = this.#bytes;
    let read = '';
    while (this.#next < this.#characters.length && more(read, this.#characters[this.#next]!))
      read += this.folded(this.#step());
    // A mark after its letter belongs to it: both were folded into one.
    while (this.#next < this.#characters.length && this.folded(this.#characters[this.#next]!) === '') this.#step();
    if (read === '' || (expected !== undefined && read !== expected)) return undefined;
    return { start, stop: this.#bytes, text: this.#characters.slice(first, this.#next).join('') };
  }

  #step(): string {
    const character = this.#characters[this.#next++]!;
    this.#bytes += Buffer.byteLength(character);
    return character;
  }
}
