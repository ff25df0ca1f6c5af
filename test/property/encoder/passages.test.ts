import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { encodePassages } from '../../../src/encoder/encode-passages.js';
import { passagesOf as madeOf, type TextPlace, type TextUnit } from '../../../src/encoder/passages.js';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';
import type { SmallGolden } from '../../support/golden-checkpoint.js';

/** Units whose tokens are numbered through, so that each can be told from every other. */
const units = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }).map((lengths) => {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => next++));
});
const room = fc.integer({ min: 1, max: 25 });
const overlap = fc.integer({ min: 0, max: 24 });

/** Passages of a text whose place `i` is token `i`. A unit is divided into halves. */
function partsOf(text: readonly (readonly number[])[], most: number, shared: number, counted = lengthOf) {
  const unitOf = (start: number, end: number): TextUnit => ({ start, end, tokens: counted(end - start) });
  const all = text.filter((unit) => unit.length > 0).map((unit) => unitOf(unit[0]!, unit.at(-1)! + 1));
  return madeOf(all, {
    room: most,
    overlap: shared,
    passageAt: ({ start, end }: TextPlace) => ({ start, end, truncated: end - start > most }),
    divided: ({ start, end }) => {
      const half = Math.ceil((start + end) / 2);
      return [unitOf(start, half), unitOf(half, end)].filter((unit) => unit.end > unit.start);
    },
  });
}

function lengthOf(length: number): number {
  return length;
}

function passagesOf(text: readonly (readonly number[])[], most: number, shared: number, counted = lengthOf) {
  const parts = partsOf(text, most, shared, counted);
  return parts.map(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
}

describe('passages of a text', () => {
  it('have all of its tokens, in order, and begin with the end of the one before', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        const passages = passagesOf(text, most, shared);
        const seen: number[] = [];
        for (const passage of passages) {
          const repeated = passage.filter((token) => token < seen.length);
          expect(repeated).toEqual(seen.slice(seen.length - repeated.length));
          expect(repeated.length).toBeLessThanOrEqual(shared);
          seen.push(...passage.slice(repeated.length));
        }
        expect(seen).toEqual(text.flat());
      }),
    );
  });

  it('are at most as long as there is room, and one of them is enough where the whole text fits', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        const passages = passagesOf(text, most, shared);
        for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(most);
        expect(passages.length > 1).toBe(text.flat().length > most);
      }),
    );
  });

  it('begin and end where units do, unless a unit is longer than a passage', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        fc.pre(text.every((unit) => unit.length <= most));
        const starts = new Set(text.map(([first]) => first));
        for (const [first] of passagesOf(text, most, shared))
          if (first !== undefined) expect(starts.has(first)).toBe(true);
      }),
    );
  });

  it('hold all of it, and no more than there is room for, however wrongly its units were counted', () => {
    const wrong = fc.func(fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(units, room, overlap, wrong, (text, most, shared, counted) => {
        const passages = passagesOf(text, most, shared, counted);
        for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(most);
        expect([...new Set(passages.flat())]).toEqual(text.flat());
      }),
    );
  });
});

/** A tokenizer of each kind: word pieces, unigrams, and bytes as RoBERTa and ModernBERT pair them. */
const TOKENIZERS = ['bert-float16', 'xlm-roberta', 'modernbert', 'roberta'];
const PROMPTS = ['', 'query: ', 'the: '];

function tokenizerOf(name: string): TextTokenizer {
  const golden = new URL(`../../golden/encoder/small/${name}.golden.json`, import.meta.url);
  const { files } = JSON.parse(readFileSync(golden, 'utf8')) as SmallGolden;
  return new TextTokenizer({ tokenizer: files['tokenizer.json']!, config: files['tokenizer_config.json'] ?? {} });
}

/** Sentences with and without spaces between them, words that no vocabulary ends, blank lines. */
const PARTS = [
  'the cat sat! ',
  'the cat',
  '検索。',
  'エンジン',
  'e\u0301',
  '😀',
  'sea. ',
  ' ',
  '\n\n',
  'U.S. ',
  'abcde',
];
const written = fc
  .array(fc.tuple(fc.constantFrom(...PARTS), fc.integer({ min: 1, max: 12 })), { maxLength: 10 })
  .map((runs) => runs.map(([run, times]) => run.repeat(times)).join(''));

describe.each(TOKENIZERS)('passages as the tokenizer of %s has them', (name) => {
  const tokenizer = tokenizerOf(name);
  const longest = fc.integer({ min: 20, max: 60 });

  it("have the ids of their own text, and together all of the text's characters", () => {
    fc.assert(
      fc.property(written, fc.constantFrom(...PROMPTS), longest, overlap, (text, prompt, tokens, shared) => {
        const unread = new Set(Array.from(text.matchAll(/\S/g), ({ index }) => index));
        for (const { start, end, ids, truncated } of encodePassages(
          tokenizer,
          text,
          { tokens, overlap: shared },
          prompt,
        )) {
          expect({ ids, truncated }).toEqual(tokenizer.encode(text.slice(start, end), Number.MAX_SAFE_INTEGER, prompt));
          expect(ids.length).toBeLessThanOrEqual(tokens);
          for (let i = start; i < end; i++) unread.delete(i);
        }
        expect([...unread]).toEqual([]);
      }),
    );
  });
});
