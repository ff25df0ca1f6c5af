import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { graphemeClusters } from '../../../src/encoder/grapheme-clusters.js';
import { PrecompiledCharsmap } from '../../../src/encoder/precompiled-charsmap.js';

const golden = new URL('../../golden/encoder/charsmap.golden.json', import.meta.url);
const { tokenizer } = JSON.parse(readFileSync(golden, 'utf8'));
const charsmap = new PrecompiledCharsmap(tokenizer.normalizer.precompiled_charsmap);

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
const segments = (text: string) => Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
/** What joins with others: marks, joiners, pictures, flags, what goes before, jamo, line ends; and halves of pairs. */
const JOINING =
  'a e\u0301\u0308\u20d0\u200d\u200c\ufe0f😀🏽©\u{1f1e9}\u{1f1ea}\u0600\u0e33\u0915\u094d\u1100\u1161\u11a8가ｶﾞ\r\n検\0';
const texts = fc
  .array(fc.oneof(fc.constantFrom(...JOINING, '\ud800', '\udc00'), fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

describe('clusters', () => {
  it('are those of the whole text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect([...graphemeClusters(text)]).toEqual(segments(text));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it.each(Array.from({ length: 32 }, (_, page) => page * 2048))('are those of the characters from %i on', (first) => {
    const characters = Array.from({ length: 2048 }, (_, i) => String.fromCharCode(first + i));
    for (let at = 0; at < characters.length; at += 64) {
      const text = characters.slice(at, at + 64).reduce((all, one) => `${all}a${one}${one}`, '');
      expect([...graphemeClusters(text)]).toEqual(segments(text));
    }
  });

  it('of 200,000 marks are found at once', () => {
    const text = `a${'\u0301'.repeat(200_000)}`;
    expect([...graphemeClusters(text + text)]).toEqual([text, text]);
  });
});

describe('a charsmap', () => {
  it('takes every text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(typeof charsmap.normalize(text)).toBe('string');
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('keeps letters that it has nothing for', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwyzABCXYZ'), maxLength: 200 });
    fc.assert(
      fc.property(letters, (text) => {
        expect(charsmap.normalize(text)).toBe(text);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('gives a text what it gives its clusters', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(charsmap.normalize(text)).toBe(
          segments(text)
            .map((cluster) => charsmap.normalize(cluster))
            .join(''),
        );
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});
