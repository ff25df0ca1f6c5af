import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { goldenCheckpoint, type SmallGolden } from '../../support/golden-checkpoint.js';

/** Made by generators/small_checkpoints.py: sentence-transformers' vectors of small models of seeded weights. */
const texts = read<{ name: string; text: string }[]>('./small/texts.json');
const TOLERANCE = 1e-4;

const MODELS = {
  'bert-untied': 'max log1p relu',
  'bert-sum': 'sum log1p relu',
  'bert-float16': 'max log1p relu',
  'distilbert-inference-free': 'max log1p log1p relu',
  roberta: 'max log1p relu',
  'xlm-roberta': 'max log1p relu',
  modernbert: 'max log1p relu',
};

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
});
afterAll(() => rm(home, { recursive: true }));

test.each(Object.entries(MODELS))('%s, one by one and padded', async (name, pooling) => {
  await expectGolden(name, pooling);
});

test('weights in shards', () => expectGolden('bert-untied', 'max log1p relu', { shards: 3 }));

async function expectGolden(name: string, pooling: string, options: { shards?: number } = {}): Promise<void> {
  const golden = read<SmallGolden>(`./small/${name}.golden.json`);
  const folder = await goldenCheckpoint(golden, options);
  const encoder = await loadEncoder(folder, { home, workers: 1 });
  expect(encoder.identity).toMatchObject({ pooling, maxTokens: 48 });
  for (const role of new Set(golden.vectors.map(({ as }) => as))) {
    const together = await encoder.encode(
      texts.map(({ text }) => text),
      { as: role },
    );
    for (const [i, { name: text, text: written }] of texts.entries()) {
      const expected = golden.vectors.find((vector) => vector.name === text && vector.as === role)!;
      const [alone] = await encoder.encode([written], { as: role });
      for (const { vector } of [alone!, together[i]!]) {
        expect(largestDifference(expected, vector)).toBeLessThan(TOLERANCE);
      }
    }
  }
  await encoder[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
}

function largestDifference(
  expected: { readonly ids: readonly number[]; readonly weights: readonly number[] },
  { ids, weights }: { readonly ids: Uint32Array; readonly weights: Float32Array },
): number {
  const differences = new Map(expected.ids.map((id, i) => [id, expected.weights[i]!]));
  ids.forEach((id, i) => {
    differences.set(id, Math.abs((differences.get(id) ?? 0) - weights[i]!));
  });
  return Math.max(0, ...differences.values());
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
