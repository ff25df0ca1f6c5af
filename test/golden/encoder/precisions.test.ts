import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoded } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import type { Precision } from '../../../src/model/model-identity.js';
import { goldenCheckpoint, type SmallGolden } from '../../support/golden-checkpoint.js';
import { writeOnnxExport } from '../../support/onnx-export.js';
import { TINY_TOKENS, tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const texts = read<{ name: string; text: string }[]>('./small/texts.json');
const NAMES = ['bert-untied', 'bert-sum', 'roberta', 'modernbert'];

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  await mkdir(join(home, 'compiled'));
});
afterAll(() => rm(home, { recursive: true }));

async function encoded(folder: string, precision: Precision): Promise<Encoded[]> {
  await using encoder = await loadEncoder(folder, { home, workers: 1, precision });
  expect(encoder.identity.precision).toBe(precision);
  return await encoder.encode(texts.map(({ text }) => text));
}

test('weights that are float16 already lose nothing, to the bit', async () => {
  const folder = await goldenCheckpoint(read<SmallGolden>('./small/bert-float16.golden.json'));
  const [whole, halved] = [await encoded(folder, 'float32'), await encoded(folder, 'float16')];
  await rm(folder, { recursive: true });
  expect(halved.map(({ vector }) => [...vector.terms()])).toEqual(whole.map(({ vector }) => [...vector.terms()]));
});

/** Of two vectors, 1 for the same direction. */
function cosine(
  found: Encoded,
  golden: { readonly ids: readonly number[]; readonly weights: readonly number[] },
): number {
  const expected = new Map(golden.ids.map((id, i) => [id, golden.weights[i]!]));
  const { ids, weights } = found.vector;
  const product = weights.reduce((sum, weight, i) => sum + weight * (expected.get(ids[i]!) ?? 0), 0);
  const norm = (values: Iterable<number>) => Math.hypot(...values);
  return norm(weights) === 0 ? Number(golden.ids.length === 0) : product / (norm(weights) * norm(golden.weights));
}

test.each(NAMES.flatMap((name) => [[name, 'float16', 0.99999] as const, [name, 'int8', 0.99] as const]))(
  '%s in %s points where sentence-transformers points',
  async (name, precision, least) => {
    const golden = read<SmallGolden>(`./small/${name}.golden.json`);
    const folder = await goldenCheckpoint(golden);
    const found = await encoded(folder, precision);
    await rm(folder, { recursive: true });
    found.forEach((one, i) => {
      const expected = golden.vectors.find((vector) => vector.name === texts[i]!.name && vector.as === 'document')!;
      expect(cosine(one, expected)).toBeGreaterThan(least);
    });
  },
);

test('a rounded form is a file of its own, and smaller', async () => {
  const folder = await tinyCheckpoint({ vocabulary: 600, hidden: 32 });
  const sizes: number[] = [];
  for (const precision of ['float32', 'float16', 'int8'] as const) {
    const before = await readdir(join(home, 'compiled'));
    await (await loadEncoder(folder, { home, workers: 1, precision }))[Symbol.asyncDispose]();
    const [made, ...others] = (await readdir(join(home, 'compiled'))).filter((file) => !before.includes(file));
    expect(others).toEqual([]);
    sizes.push((await stat(join(home, 'compiled', made!))).size);
  }
  await rm(folder, { recursive: true });
  expect(sizes[1]).toBeLessThan(0.75 * sizes[0]!);
  expect(sizes[2]).toBeLessThan(0.6 * sizes[0]!);
});

test('an exported graph keeps its own precision', async () => {
  const folder = await tinyCheckpoint();
  await unlink(join(folder, 'model.safetensors'));
  const V = TINY_TOKENS.length;
  await writeOnnxExport(folder, V, new Float32Array(V * V).fill(1));
  await expect(loadEncoder(folder, { home, workers: 1, precision: 'int8' })).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    found: expect.stringMatching(/int8/),
  });
  await rm(folder, { recursive: true });
});

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
