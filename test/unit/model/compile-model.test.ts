import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileOnThread } from '../../../src/encoder/compile-on-thread.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { compileModel, compilePositions } from '../../../src/model/compile-model.js';
import { compiledFile } from '../../../src/model/compiled-file.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let home: string;
let original: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
  original = await tinyCheckpoint();
});
afterAll(async () => {
  for (const folder of [home, original]) await rm(folder, { recursive: true });
});

/** The same weights under the same name, in another folder and with another config.json. */
async function variant(changes: object) {
  const folder = join(await mkdtemp(join(home, 'variant-')), 'my-model');
  await mkdir(folder);
  await cp(original, folder, { recursive: true });
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object;
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...changes, ...config, ...changes }));
  return { id: 'my-model', folder, source: 'folder' } as const;
}

const compiledOf = async (changes: object) => compiledFile(await variant(changes), { home });

test.each([{ num_attention_heads: 4 }, { layer_norm_eps: 1e-2 }, { max_position_embeddings: 32 }])(
  'the same weights under %j are another model',
  async (changes) => {
    const [usual, other] = [await compiledOf({}), await compiledOf(changes)];
    expect(other.weights).toBe(usual.weights);
    expect(other.file).not.toBe(usual.file);
    expect(other.configuration).not.toBe(usual.configuration);
  },
);

test('what a file says besides, and in which order, makes no difference', async () => {
  const [usual, other] = [
    await compiledOf({}),
    await compiledOf({ transformers_version: '9.0', layer_norm_eps: 1e-12 }),
  ];
  expect(other).toMatchObject({ file: usual.file, configuration: usual.configuration });
});

test('a configuration is written in plans of indices, and stays what it was', async () => {
  expect((await compiledOf({})).configuration).toBe('83b65fb3ec5ba9e0');
});

test("another configuration's vectors are its own, whatever was compiled before", async () => {
  const encoded = async (changes: object) => {
    await using encoder = await loadEncoder((await variant(changes)).folder, { home, workers: 1 });
    const [first] = await encoder.encode(['the cat sat on the mat']);
    return [...first!.vector.weights];
  };
  const usual = await encoded({});
  expect(await encoded({ num_attention_heads: 4, layer_norm_eps: 1e-2 })).not.toEqual(usual);
  expect(await encoded({})).toEqual(usual);
});

test('compiled anew, a model has no graph of what was compiled before', async () => {
  const model = await variant({});
  const positionsOf = async (options: { readonly anew: boolean }) =>
    compilePositions(await compileModel(model, compileOnThread, { home, screened: true, ...options }), compileOnThread);
  const positions = await positionsOf({ anew: false });
  await writeFile(positions, 'a graph that has gone bad');
  await positionsOf({ anew: true });
  expect((await readFile(positions)).length).toBeGreaterThan(1000);
});

test('a model whose compiling anew fails keeps the graphs that it had', async () => {
  const model = await variant({});
  const options = { home, screened: true };
  const compiled = await compileModel(model, compileOnThread, options);
  const positions = await compilePositions(compiled, compileOnThread);
  const before = await Promise.all([compiled.file, positions].map((file) => readFile(file)));
  const fails = compileModel(model, () => Promise.reject(new Error('no memory')), { ...options, anew: true });
  await expect(fails).rejects.toThrow('no memory');
  expect(await Promise.all([compiled.file, positions].map((file) => readFile(file)))).toEqual(before);
  const left = (await readdir(join(home, 'compiled'))).filter((name) => name.endsWith('.part'));
  expect(left).toEqual([]);
});
