import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';

/** Made by generators/winning_words.py from the same weights. */
const golden = JSON.parse(readFileSync(new URL('./winning-words.golden.json', import.meta.url), 'utf8')) as {
  texts: { text: string; ids: number[]; words: string[] }[];
};

let encoder: Encoder;
beforeAll(async () => {
  const home = process.env.TERMWEAVE_HOME ?? join(homedir(), '.cache', 'termweave');
  encoder = await loadEncoder('splade-tiny', { home, workers: 1 });
}, 120_000);
afterAll(() => encoder[Symbol.asyncDispose]());

test.each(golden.texts)('$text', async ({ text, ids, words }) => {
  expect(await encoder.wordsBehind(text, Uint32Array.from(ids))).toEqual(words);
});
