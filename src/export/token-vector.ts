/**
 * A document or query at the border: its terms by name, in the order in which they came (a vocabulary's ids rise, a file has an
 * order of its own), `weights[i]` the weight of `tokens[i]`. Tokens are unique, weights positive and finite.
 */
export interface TokenVector {
  readonly id: string;
  readonly tokens: readonly string[];
  readonly weights: readonly number[];
}

/** The terms as a JSON object. Written by hand: an object of JavaScript would put names like "2020" first. */
export function termsJson({ tokens, weights }: TokenVector): string {
  let json = '{';
  for (let i = 0; i < tokens.length; i++) json += `${i > 0 ? ',' : ''}${JSON.stringify(tokens[i])}:${weights[i]}`;
  return `${json}}`;
}
