import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { goldenCheckpoint, type SmallGolden } from '../../support/golden-checkpoint.js';
import { served } from '../../support/served.js';

interface Case {
  readonly text: string;
  readonly tokens: string[];
  readonly spans: [number, number, string][];
}

const folders: string[] = [];
let bert: Encoder;
let roberta: Encoder;
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  folders.push(home);
  const load = async (name: string) => {
    const folder = await goldenCheckpoint(read<SmallGolden>(`small/${name}.golden.json`));
    folders.push(folder);
    return loadEncoder(folder, { home, workers: 1 });
  };
  [bert, roberta] = [await load('bert-float16'), await load('roberta')];
});
afterAll(async () => {
  for (const encoder of [bert, roberta]) await encoder[Symbol.asyncDispose]();
  for (const folder of folders) await rm(folder, { recursive: true });
});

test('tokens stand where the reference has them, special ones nowhere', async () => {
  const { cases } = read<{ kinds: { name: string; cases: Case[] }[] }>('token-spans.golden.json').kinds[1]!;
  await using service = await served(roberta);
  const { body } = await service.post('/tokenize', { inputs: cases.map(({ text }) => text) });
  const nowhere = { special: true, start: null, stop: null };
  const idOf = (token: string) => roberta.vocabulary.idOf(token);
  for (const [i, { tokens, spans }] of cases.entries()) {
    const own = spans.map(([start, stop, text], at) => ({ id: idOf(tokens[at]!), text, special: false, start, stop }));
    const [first, last] = ['<s>', '</s>'].map((text) => ({ id: idOf(text), text, ...nowhere }));
    expect(body[i]).toEqual([first, ...own, last]);
  }
  const bare = await service.post('/tokenize', { inputs: cases[0]!.text, add_special_tokens: false });
  expect(bare.body[0]).toEqual(body[0].slice(1, -1));
});

test('words that take seconds to tokenize do not hold the event loop', async () => {
  await using service = await served(bert);
  const inputs = `${'bhbhbhbhbh'.repeat(10)} `.repeat(198);
  let longest = 0;
  let last = performance.now();
  const clock = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 2);
  const start = last;
  const { body } = await service.post('/tokenize', { inputs });
  clearInterval(clock);
  expect(body[0].length).toBeGreaterThan(10_000);
  const took = performance.now() - start;
  expect(took).toBeGreaterThan(500);
  expect(longest).toBeLessThan(took / 3);
});

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../golden/encoder/${file}`, import.meta.url), 'utf8')) as T;
}
