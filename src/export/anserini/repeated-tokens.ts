import { checkedVector, Malformed } from '../read-vectors.js';
import type { TokenVector } from '../token-vector.js';

/**
 * Anserini's pre-encoded topics: `ID<tab>token token token`, each token repeated as often as its impact says, tokens in the
 * vector's own order. A token that comes again later is a broken line, for its weight could not be written back.
 */
export const repeatedTokens = {
  line({ id, tokens, weights }: TokenVector): string {
    const runs = tokens.map((token, i) => Array<string>(weights[i]!).fill(token).join(' '));
    return `${id}\t${runs.join(' ')}`;
  },

  parse(line: string): TokenVector {
    const tab = line.indexOf('\t');
    if (tab <= 0) throw new Malformed('no id before a tab');
    const words = line
      .slice(tab + 1)
      .split(' ')
      .filter((word) => word !== '');
    const tokens: string[] = [];
    const weights: number[] = [];
    for (const word of words) {
      if (tokens.at(-1) === word) weights[weights.length - 1]!++;
      else {
        tokens.push(word);
        weights.push(1);
      }
    }
    return checkedVector(line.slice(0, tab), tokens, weights);
  },
};
