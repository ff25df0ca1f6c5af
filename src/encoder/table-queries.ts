import type { Entries } from './encoding-session.js';
import type { TextTokenizer, Tokens } from './tokenizer.js';
import { wordPositions } from './word-positions.js';

/**
 * Queries of an inference-free model: each token that stands in the text, special ones aside, has the weight of a table, however often
 * it stands there. Tokens of no weight are left out.
 */
export class TableQueries {
  constructor(
    readonly tokenizer: TextTokenizer,
    readonly weights: Float32Array,
    readonly maxTokens: number,
    readonly prompt = '',
  ) {}

  encode(text: string): { readonly tokens: Tokens; readonly entries: Entries } {
    const tokens = this.tokenizer.encode(text, this.maxTokens + this.tokenizer.specialTokens, this.prompt);
    const { leadingTokens, specialTokens } = this.tokenizer;
    const bare = tokens.ids.slice(leadingTokens, tokens.ids.length - specialTokens + leadingTokens);
    const ids = Uint32Array.from(new Set(bare.filter((id) => this.weights[id]! > 0))).sort();
    const entries = { ids, weights: Float32Array.from(ids, (id) => this.weights[id]!) };
    return { tokens: { ids: bare, truncated: tokens.truncated }, entries };
  }

  /** For each vocabulary id, the word that has it. */
  wordsBehind(text: string, asked: Uint32Array): (string | undefined)[] {
    const { ids, words } = wordPositions(
      this.tokenizer,
      text,
      this.maxTokens + this.tokenizer.specialTokens,
      this.prompt,
    );
    return Array.from(asked, (id) => words[ids.indexOf(id)]);
  }
}
