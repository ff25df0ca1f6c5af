import type { TokenVector } from '../token-vector.js';

/** Between a token and the number of a bit: U+241F, which no token of BERT has. */
export const SEPARATOR = '\u241f';

/**
 * Bit-sliced terms: a token of impact 13 (binary 1101) is written `token␟0 token␟2 token␟3`. A query weight `q` on the token asks for
 * each bit `b` at a constant score of `q * 2^b`; what a document has of them sums to `q * 13`.
 */
export function bitTerms({ tokens, weights }: TokenVector): string {
  const terms: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    for (let bit = 0, left = weights[i]!; left > 0; bit++, left = Math.floor(left / 2)) {
      if (left % 2 === 1) terms.push(`${tokens[i]}${SEPARATOR}${bit}`);
    }
  }
  return terms.join(' ');
}
