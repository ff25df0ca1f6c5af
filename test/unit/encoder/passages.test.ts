import type { Encoded, Encoder } from '../../../src/encoder/encoder.js';
import { tinyEncoder } from '../../support/tiny-encoder.js';

let tiny: Awaited<ReturnType<typeof tinyEncoder>>;
let encoder: Encoder;
beforeAll(async () => {
  tiny = await tinyEncoder();
  encoder = tiny.encoder;
});
afterAll(() => tiny[Symbol.asyncDispose]());

/** Five tokens each; a line ends a sentence whatever begins the next. */
const SENTENCES = ['the cat sat on.', 'mat search engine river.', 'river sat on mat.', 'engine on the cat.'];
/** Two sentences and the special tokens around them; one sentence is repeated. */
const PASSAGES = { tokens: 12, overlap: 5 };

function maximum(encoded: readonly Encoded[]): Map<number, number> {
  const largest = new Map<number, number>();
  for (const { vector } of encoded) {
    for (const { id, weight } of vector.terms()) largest.set(id, Math.max(weight, largest.get(id) ?? 0));
  }
  return largest;
}

function expectSame({ vector }: Encoded, expected: ReadonlyMap<number, number>) {
  expect([...vector.ids]).toEqual([...expected.keys()].sort((a, b) => a - b));
  for (const { id, weight } of vector.terms()) expect(weight).toBeCloseTo(expected.get(id)!, 5);
}

test("a long text's vector is the maximum of its passages', which are its sentences two by two", async () => {
  const [whole] = await encoder.encode([SENTENCES.join('\n')], { passages: PASSAGES });
  const pairs = [0, 1, 2].map((first) => SENTENCES.slice(first, first + 2).join(' '));
  expectSame(whole!, maximum(await encoder.encode(pairs)));
  expect(whole).toMatchObject({ truncated: false, tokens: 3 * PASSAGES.tokens });
});

test('a short text is one passage, and so is none', async () => {
  const texts = ['the cat', ''];
  const passages = await encoder.encode(texts, { passages: PASSAGES });
  for (const [i, plain] of (await encoder.encode(texts)).entries()) expectSame(passages[i]!, maximum([plain]));
});

test('a sentence longer than a passage is cut at its words, and its end is in the vector', async () => {
  const words = `${'cats on mat '.repeat(30)}river`;
  const [cut] = await encoder.encode([words]);
  const [whole] = await encoder.encode([words], { passages: { tokens: 10, overlap: 0 } });
  expect(cut!.truncated).toBe(true);
  // Two special tokens around eight, which are two times three words, for `cats` has two tokens.
  const parts = ['cats on mat cats on mat', 'river'];
  expectSame(whole!, maximum(await encoder.encode(parts)));
});

test('callers with other passages do not share a task', async () => {
  const text = SENTENCES.join('\n');
  const both = [{ passages: PASSAGES }, {}, { passages: PASSAGES }, { passages: { tokens: 7, overlap: 0 } }];
  const [first, cut, again, small] = await Promise.all(both.map((options) => encoder.encode([text], options)));
  expectSame(again![0]!, maximum(first!));
  expect(cut![0]!.tokens).toBe(22);
  expect(small![0]!.tokens).toBe(4 * 7);
});

test('kept passages come with their words, each with the vector that these have alone', async () => {
  const texts = [SENTENCES.join('\n'), 'the cat', 'mat on mat'];
  const kept = await encoder.encode(texts, { passages: { ...PASSAGES, kept: true } });
  expect(kept.map(({ passages }) => passages!.map(({ text }) => text))).toEqual([
    [0, 1, 2].map((first) => SENTENCES.slice(first, first + 2).join('\n')),
    ['the cat'],
    ['mat on mat'],
  ]);
  const passages = kept.flatMap((one) => one.passages!);
  const alone = await encoder.encode(passages.map(({ text }) => text));
  for (const [i, one] of alone.entries()) expectSame({ ...one, ...passages[i]! }, maximum([one]));
  for (const one of kept) expectSame(one, maximum(one.passages!.map((passage) => ({ ...one, ...passage }))));
});

test('callers who keep passages share tasks, and each gets its own', async () => {
  const texts = [SENTENCES.join('\n'), SENTENCES.slice(0, 3).join('\n'), 'river', SENTENCES.slice(1).join('\n')];
  const options = { passages: { ...PASSAGES, kept: true } };
  const together = await Promise.all(texts.map((text) => encoder.encode([text], options)));
  for (const [i, [shared]] of together.entries()) {
    const [alone] = await encoder.encode([texts[i]!], options);
    expect(shared!.passages!.map(({ text }) => text)).toEqual(alone!.passages!.map(({ text }) => text));
    expectSame(shared!, maximum([alone!]));
    for (const [at, { vector }] of shared!.passages!.entries())
      expectSame({ ...alone!, vector }, maximum([{ ...alone!, ...alone!.passages![at]! }]));
  }
});
