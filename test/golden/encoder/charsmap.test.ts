import { readFileSync } from 'node:fs';
import { PrecompiledCharsmap } from '../../../src/encoder/precompiled-charsmap.js';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';

interface Golden {
  readonly tokenizer: { readonly normalizer: { readonly precompiled_charsmap: string } };
  readonly cases: readonly { readonly text: string; readonly normalized: string; readonly ids: readonly number[] }[];
}

/** Made by generators/charsmap.py. */
const { tokenizer, cases } = JSON.parse(
  readFileSync(new URL('./charsmap.golden.json', import.meta.url), 'utf8'),
) as Golden;
const charsmap = new PrecompiledCharsmap(tokenizer.normalizer.precompiled_charsmap);
const own = new TextTokenizer({ tokenizer, config: {} });

test.each(cases)('$text', ({ text, normalized, ids }) => {
  expect(charsmap.normalize(text)).toBe(normalized);
  expect(own.encode(text, Number.MAX_SAFE_INTEGER).ids).toEqual(ids);
});
