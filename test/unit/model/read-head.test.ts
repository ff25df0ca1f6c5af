import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHead } from '../../../src/model/read-head.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-head-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A folder as sentence-transformers 5 saves it. */
async function saved(pooling: object, type = 'sentence_transformers.sparse_encoder.models.SpladePooling') {
  const transformer = {
    idx: 0,
    name: '0',
    path: '',
    type: 'sentence_transformers.sparse_encoder.models.MLMTransformer',
  };
  const modules = [transformer, { idx: 1, name: '1', path: '1_SpladePooling', type }];
  await writeFile(join(folder, 'modules.json'), JSON.stringify(modules));
  await mkdir(join(folder, '1_SpladePooling'));
  await writeFile(join(folder, '1_SpladePooling', 'config.json'), JSON.stringify(pooling));
}

test('the usual head is read from the pooling configuration', async () => {
  await saved({ pooling_strategy: 'max', activation_function: 'relu', word_embedding_dimension: null });
  expect(await readHead('some-model', folder)).toEqual({ pooling: 'max log1p relu', stated: true });
});

test.each([
  [{ pooling_strategy: 'sum', activation_function: 'relu' }, /pooling sum/],
  [{ pooling_strategy: 'max', activation_function: 'log1p_relu' }, /log1p_relu/],
])('another head is refused, not replaced: %j', async (pooling, found) => {
  await saved(pooling);
  await expect(readHead('some-model', folder)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    found: expect.stringMatching(found),
  });
});

test('a model whose queries take another way is refused', async () => {
  await saved({}, 'sentence_transformers.models.Router');
  await expect(readHead('some-model', folder)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  await rm(join(folder, 'modules.json'));
  await expect(readHead('opensearch-doc-v3-distill', folder)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
});

test('a model without a word of its head is told apart from one that states it', async () => {
  expect(await readHead('a-folder', folder)).toMatchObject({ stated: false });
  expect(await readHead('splade-tiny', folder)).toMatchObject({ stated: true });
});
