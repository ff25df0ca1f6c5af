import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';

/** Made by generators/sentence_transformers_vectors.py from the same weights. */
const golden = read<{ max_tokens: number; vectors: { name: string; ids: number[]; weights: number[] }[] }>(
  './splade-tiny.golden.json',
);
const texts = read<{ name: string; text: string; times?: number }[]>('../generators/awkward-texts.json');
const TOLERANCE = 1e-5;

let encoder: Encoder;
beforeAll(async () => {
  const home = process.env.TERMWEAVE_HOME ?? join(homedir(), '.cache', 'termweave');
  encoder = await loadEncoder('splade-tiny', { home, workers: 2, maxTokens: golden.max_tokens });
}, 120_000);
afterAll(() => encoder[Symbol.asyncDispose]());

const written = ({ text, times = 1 }: { text: string; times?: number }) => text.repeat(times);

test.each(texts)('$name', async (entry) => {
  const [encoded] = await encoder.encode([written(entry)]);
  expectGolden(entry.name, encoded!.vector);
});

test('in one call, padded and in batches', async () => {
  const encoded = await encoder.encode(texts.map(written));
  texts.forEach(({ name }, i) => {
    expectGolden(name, encoded[i]!.vector);
  });
});

function expectGolden(name: string, vector: { ids: Uint32Array; weights: Float32Array }): void {
  const expected = golden.vectors.find((one) => one.name === name)!;
  const difference = new Map(expected.ids.map((id, i) => [id, expected.weights[i]!]));
  vector.ids.forEach((id, i) => {
    difference.set(id, Math.abs((difference.get(id) ?? 0) - vector.weights[i]!));
  });
  expect(Math.max(0, ...difference.values())).toBeLessThan(TOLERANCE);
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
