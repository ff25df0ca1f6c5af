import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';
import type { SmallGolden } from '../../support/golden-checkpoint.js';

/** A tokenizer of each kind, and writing without spaces of which it makes many tokens. */
const NAMES = [
  ['bert-float16', '検索引擎猫'],
  ['xlm-roberta', 'thecatsatonthemat'],
  ['modernbert', '検索引擎猫'],
  ['roberta', 'thecatsatonthemat'],
] as const;
const ROOM = 10;

function tokenizerOf(name: string): TextTokenizer {
  const golden = new URL(`../../golden/encoder/small/${name}.golden.json`, import.meta.url);
  const { files } = JSON.parse(readFileSync(golden, 'utf8')) as SmallGolden;
  return new TextTokenizer({ tokenizer: files['tokenizer.json']!, config: files['tokenizer_config.json'] ?? {} });
}

/** Writing with spaces, without, and with other ones; marks, surrogate pairs, and words that no vocabulary ends. */
const SCRIPTS = [
  'the cat sat on',
  '検索エンジンは',
  '搜索引擎',
  'ค้นหา',
  'a\u3000b\u00a0c',
  'e\u0301',
  '𠀀😀',
  '\t\n',
  'searching',
  '.',
  ' ',
];
const texts = fc
  .array(fc.tuple(fc.constantFrom(...SCRIPTS), fc.integer({ min: 1, max: 90 })), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.map(([run, times]) => run.repeat(times)).join(''));

describe.each(NAMES)('the tokenizer of %s', (name, unspaced) => {
  const tokenizer = tokenizerOf(name);

  it('gives the first tokens of the whole text, however it is written', () => {
    const own = (ids: readonly number[]) => ids.slice(tokenizer.before.length, ids.length - tokenizer.after.length);
    fc.assert(
      fc.property(texts, (text) => {
        const whole = own(tokenizer.encode(text, Number.MAX_SAFE_INTEGER).ids);
        const { ids, truncated } = tokenizer.encode(text, ROOM + tokenizer.specialTokens);
        expect({ ids: own(ids), truncated }).toEqual({ ids: whole.slice(0, ROOM), truncated: whole.length > ROOM });
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('reads a few pages of a long text without spaces', () => {
    const encode = Tokenizer.prototype.encode;
    let longest = 0;
    Tokenizer.prototype.encode = function (this: Tokenizer, text: string, ...others: never[]) {
      longest = Math.max(longest, text.length);
      return encode.call(this, text, ...others);
    } as typeof encode;
    try {
      expect(tokenizer.encode(unspaced.repeat(10_000), 256).truncated).toBe(true);
    } finally {
      Tokenizer.prototype.encode = encode;
    }
    expect(longest).toBeLessThan(5000);
  });
});
