import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { normalizeAsReference } from '../../../src/encoder/reference-normalizer.js';

const flag = fc.boolean();
const configs = fc.record({
  clean_text: flag,
  handle_chinese_chars: flag,
  strip_accents: fc.option(flag),
  lowercase: flag,
});
const plain = fc.string({ unit: 'grapheme-ascii' });
/** Where library and reference agree. */
const others = fc.constantFrom('É', 'ñ', 'İ', '\t', '\u0000', '\u007f', '\u00a0', '中', '\u0301', '\u2029');
const texts = fc.array(fc.oneof(plain, others)).map((parts) => parts.join(''));

function bertNormalizer(config: object): { normalize: (text: string) => string } {
  const tokenizer = {
    normalizer: { type: 'BertNormalizer', ...config },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', vocab: { '[UNK]': 0 } },
    added_tokens: [],
  };
  return new Tokenizer(tokenizer, {}).normalizer;
}

test("plain text is normalised as BERT's normalizer does it, in fewer steps", () => {
  fc.assert(
    fc.property(configs, texts, (config, text) => {
      const [library, own] = [bertNormalizer(config), bertNormalizer(config)];
      normalizeAsReference(own as Parameters<typeof normalizeAsReference>[0]);
      expect(own.normalize(text)).toBe(library.normalize(text));
    }),
    { numRuns: 500 },
  );
});
