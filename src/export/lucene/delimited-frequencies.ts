import { checkedVector, Malformed } from '../read-vectors.js';
import type { TokenVector } from '../token-vector.js';

/** U+241F, the picture of a unit separator. The filter's default `|` will not do: `|` and `##|` are tokens of BERT. */
export const DELIMITER = '\u241f';

/** `token␟12 token␟3`: text for a whitespace tokenizer and Lucene's `DelimitedTermFrequencyTokenFilter`. */
export function delimitedFrequencies({ tokens, weights }: TokenVector): string {
  return tokens.map((token, i) => `${token}${DELIMITER}${weights[i]}`).join(' ');
}

/** The inverse of {@link delimitedFrequencies}. @throws {Malformed} */
export function parseDelimited(id: string, text: string): TokenVector {
  const pairs = text.split(' ').filter((pair) => pair !== '');
  const cuts = pairs.map((pair) => pair.indexOf(DELIMITER));
  const bare = cuts.findIndex((cut) => cut < 0);
  if (bare >= 0) throw new Malformed(`${JSON.stringify(pairs[bare])} has no delimiter U+241F`);
  return checkedVector(
    id,
    pairs.map((pair, i) => pair.slice(0, cuts[i])),
    pairs.map((pair, i) => Number(pair.slice(cuts[i]! + 1))),
  );
}
