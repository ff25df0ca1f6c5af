import { Tokenizer } from '@huggingface/tokenizers';
import { normalizeAsReference } from './reference-normalizer.js';

/** A text as token ids, cut to what the model takes. */
export interface Tokens {
  readonly ids: readonly number[];
  /** Whether tokens of the text were left out. */
  readonly truncated: boolean;
}

/** A tokenizer as published: `tokenizer.json`, and `tokenizer_config.json` where there is one. */
export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly config: object;
}

/** Characters that are tokenized at first for each token that is wanted; English has 4 to 5. */
const CHARACTERS_PER_TOKEN = 8;
/**
 * Tokens that a beginning must have beyond those that are kept where it ends inside a word. WordPiece looks ahead by one piece, and gives up
 * words of more than 100 characters, of which a shorter rest would have up to 100 pieces; Unigram and byte-pair encoding decide from near to
 * near, by pieces of some tens of characters at most.
 */
const SPARE_TOKENS = 128;
/** The end of a word: white space as Unicode has it, but for the byte order mark, which tokenizers drop. */
const SPACE_AHEAD = /\S(?=[\p{Zs}\n\r\t])/u;
const PROBE = 'a';

/**
 * Text to token ids with the model's special tokens around them. A text that is too long is cut from the end of its own tokens,
 * so that the special tokens stay: what `truncation=True` does in transformers.
 */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  /** The special tokens that stand before every text. */
  readonly before: readonly number[];
  /** The special tokens that stand after every text. */
  readonly after: readonly number[];

  constructor({ tokenizer, config }: TokenizerFiles) {
    this.#tokenizer = new Tokenizer(tokenizer, config);
    normalizeAsReference(this.#tokenizer.normalizer);
    const whole: readonly number[] = this.#tokenizer.encode(PROBE).ids;
    const bare = this.#bare(PROBE);
    const at = whole.findIndex((_, start) => bare.every((id, i) => whole[start + i] === id));
    this.before = whole.slice(0, at);
    this.after = whole.slice(at + bare.length);
  }

  /** Special tokens before a text's own. */
  get leadingTokens(): number {
    return this.before.length;
  }

  /** Special tokens around a text's own. */
  get specialTokens(): number {
    return this.before.length + this.after.length;
  }

  /** How many tokens a text has, special ones aside; where that is more than `room`, some number that is more. */
  tokensIn(text: string, room = Number.MAX_SAFE_INTEGER): number {
    return this.#enough(text, room).length;
  }

  /** All tokens of a text, special ones aside, as ids and as they are written. */
  pieces(text: string): { readonly ids: readonly number[]; readonly tokens: readonly string[] } {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  /** `maxTokens` counts the special tokens, and those of the `prompt` before the text. */
  encode(text: string, maxTokens: number, prompt = ''): Tokens {
    const room = Math.max(0, maxTokens - this.specialTokens);
    const bare = this.#enough(prompt + text, room);
    const kept = bare.length > room ? bare.slice(0, room) : bare;
    return { ids: [...this.before, ...kept, ...this.after], truncated: bare.length > room };
  }

  /**
   * Token ids of the text, or of a beginning of it that has more than `room` tokens: of 5 MB only the first page is tokenized. Where the
   * beginning ends inside a word, its last tokens are not those of the text, so that there have to be more of them.
   */
  #enough(text: string, room: number): readonly number[] {
    for (let characters = CHARACTERS_PER_TOKEN * (room + 1); ; characters *= 4) {
      const { end, inWord } = beginningOf(text, characters);
      const ids = this.#bare(text.slice(0, end));
      if (end === text.length || ids.length > room + (inWord ? SPARE_TOKENS : 0)) return ids;
    }
  }

  #bare(text: string): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}

/**
 * Where a beginning of at least `characters` characters ends: before a space, across which no tokenizer here joins; in writing without
 * spaces, where the next page has none, inside a word.
 */
function beginningOf(text: string, characters: number): { end: number; inWord: boolean } {
  const found = SPACE_AHEAD.exec(text.slice(characters, 2 * characters));
  if (found) return { end: characters + found.index + found[0].length, inWord: false };
  if (2 * characters >= text.length) return { end: text.length, inWord: false };
  const isWithinPair = /[\ud800-\udbff]/.test(text[characters - 1]!);
  return { end: isWithinPair ? characters + 1 : characters, inWord: true };
}
