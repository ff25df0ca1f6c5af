import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { loadEncoder } from '../../src/encoder/load-encoder.js';
import type { DeviceName } from '../../src/model/model-identity.js';
import { goldenCheckpoint, type SmallGolden } from './golden-checkpoint.js';

/** Made by test/golden/generators/small_checkpoints.py: sentence-transformers' vectors of small models of seeded weights. */
const texts = read<{ name: string; text: string }[]>('texts.json');
const TOLERANCE = 1e-4;

interface SmallGoldenOptions {
  /** Where it is compiled. */
  readonly home: string;
  /** The head that its files are to be read as. */
  readonly pooling: string;
  readonly shards?: number;
  readonly device?: DeviceName;
}

/** Encodes a golden's texts by its model, one by one and together, and compares with its vectors. */
export async function expectSmallGolden(
  name: string,
  { home, pooling, shards, device = 'cpu' }: SmallGoldenOptions,
): Promise<void> {
  const golden = read<SmallGolden>(`${name}.golden.json`);
  const folder = await goldenCheckpoint(golden, { shards });
  const encoder = await loadEncoder(folder, { home, workers: 1, device });
  expect(encoder.identity).toMatchObject({ pooling, maxTokens: 48, device });
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
  return JSON.parse(readFileSync(new URL(`../golden/encoder/small/${file}`, import.meta.url), 'utf8')) as T;
}
