import { readFileSync } from 'node:fs';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';

interface Case {
  readonly name: string;
  readonly tokenizer: object;
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

/** Made by generators/normalised_tokens.py. */
const { cases } = JSON.parse(readFileSync(new URL('./normalised-tokens.golden.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe.each(cases)('$name', ({ tokenizer, texts }) => {
  const own = new TextTokenizer({ tokenizer, config: {} });

  test.each(texts)('$text', ({ text, ids }) => {
    expect(own.encode(text, Number.MAX_SAFE_INTEGER).ids).toEqual(ids);
  });
});
