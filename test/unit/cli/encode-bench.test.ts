import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { termweave } from '../../support/command-line.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let home: string;
let model: string;
let texts: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-bench-'));
  model = await tinyCheckpoint();
  texts = join(home, 'texts.jsonl');
  const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ text: `${i} ${'the cat '.repeat(i)}` }));
  await writeFile(texts, lines.join('\n'));
});
afterAll(async () => {
  await rm(home, { recursive: true });
  await rm(model, { recursive: true });
});

const bench = (...words: readonly string[]) =>
  termweave(['encode', '--model', model, '--workers', '2', ...words], { env: { TERMWEAVE_HOME: home } });

test('measures documents, queries, memory and the limit, and its figures belong together', async () => {
  const { exitCode, stdout } = await bench('--bench', texts, '--json');
  expect(exitCode).toBe(0);
  const figures = JSON.parse(stdout);
  expect(figures).toMatchObject({ precision: 'float32', threads: 2, documents: 40, queries: 40, maxTokens: 64 });
  expect(figures.documentsPerSecond).toBeCloseTo(figures.documents / figures.seconds, 6);
  expect(figures.tokensPerSecond).toBeCloseTo(figures.tokens / figures.seconds, 6);
  // Text i has 2 i + 1 tokens and two special ones, up to the cut at 64.
  const tokens = Array.from({ length: 40 }, (_, i) => Math.min(64, 2 * i + 3));
  expect(figures.tokens).toBe(tokens.reduce((sum, count) => sum + count, 0));
  expect(figures.queryMs.p50).toBeGreaterThan(0);
  expect(figures.queryMs.p95).toBeGreaterThanOrEqual(figures.queryMs.p50);
  expect(figures.peakMb).toBeGreaterThan(20);
  const { operationsPerToken, gemmPerSecond, shareOfLimit } = figures;
  expect(shareOfLimit).toBeCloseTo((operationsPerToken * figures.tokensPerSecond) / gemmPerSecond, 9);
  expect(shareOfLimit).toBeGreaterThan(0);
  expect(figures.caveat).toMatch(/model as published/);
});

test('says them to a person', async () => {
  const { exitCode, stdout } = await bench('--bench', texts);
  expect(exitCode).toBe(0);
  for (const name of ['documents/s', 'tokens/s', 'query p50/p95', 'peak memory', 'this machine', 'share of limit']) {
    expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  }
});

test('does not pass over texts of the command line', async () => {
  const { exitCode, stderr } = await bench('--bench', texts, 'the cat');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/OPTION_INVALID/);
});
