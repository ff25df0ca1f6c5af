import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLayout } from '../../../src/model/read-layout.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-layout-'));
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

/** A model of several routes, in the file and by the class name given. */
async function routed(query: readonly string[], file = 'router_config.json', router = 'Router') {
  const types = {
    query_0_SparseStaticEmbedding: 'sentence_transformers.sparse_encoder.models.SparseStaticEmbedding',
    query_0_MLMTransformer: 'sentence_transformers.sparse_encoder.models.MLMTransformer',
    document_0_MLMTransformer: 'sentence_transformers.sparse_encoder.models.MLMTransformer',
    document_1_SpladePooling: 'sentence_transformers.sparse_encoder.models.SpladePooling',
  };
  const document = ['document_0_MLMTransformer', 'document_1_SpladePooling'];
  const modules = [{ idx: 0, name: '0', path: '', type: `sentence_transformers.models.${router}` }];
  await writeFile(join(folder, 'modules.json'), JSON.stringify(modules));
  await writeFile(join(folder, file), JSON.stringify({ types, structure: { query, document } }));
  await mkdir(join(folder, 'document_1_SpladePooling'));
  const pooling = { pooling_strategy: 'max', activation_function: 'log1p_relu' };
  await writeFile(join(folder, 'document_1_SpladePooling', 'config.json'), JSON.stringify(pooling));
}

test.each([
  ['max', 'relu', 1],
  ['sum', 'relu', 1],
  ['max', 'log1p_relu', 2],
])('pooling %s with activation %s is read from the pooling configuration', async (pooling, activation, logarithms) => {
  await saved({ pooling_strategy: pooling, activation_function: activation, word_embedding_dimension: null });
  const expected = { folder, head: { pooling, logarithms }, headStated: true };
  expect(await readLayout('some-model', folder)).toEqual(expected);
});

test.each([
  [{ pooling_strategy: 'mean', activation_function: 'relu' }, /pooling_strategy "mean"/],
  [{ pooling_strategy: 'max', activation_function: 'gelu' }, /activation_function "gelu"/],
])('another head is refused, not replaced: %j', async (pooling, found) => {
  await saved(pooling);
  await expect(readLayout('some-model', folder)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    found: expect.stringMatching(found),
  });
});

test.each([
  ['router_config.json', 'Router'],
  ['config.json', 'Asym'],
])("queries' own table is found by %s of a %s", async (file, router) => {
  await routed(['query_0_SparseStaticEmbedding'], file, router);
  expect(await readLayout('some-model', folder)).toEqual({
    folder: join(folder, 'document_0_MLMTransformer'),
    head: { pooling: 'max', logarithms: 2 },
    headStated: true,
    queryTable: join(folder, 'query_0_SparseStaticEmbedding'),
  });
});

test('a query network of its own is refused by name', async () => {
  await routed(['query_0_MLMTransformer', 'document_1_SpladePooling']);
  await expect(readLayout('some-model', folder)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    found: expect.stringMatching(/query_0_MLMTransformer/),
  });
});

test('other modules are refused', async () => {
  await saved({}, 'sentence_transformers.models.Pooling');
  await expect(readLayout('some-model', folder)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
});

test('modules behind a router are refused, not left out', async () => {
  await routed(['query_0_SparseStaticEmbedding']);
  const behind = {
    idx: 1,
    name: '1',
    path: '1_SparseAutoEncoder',
    type: 'sentence_transformers.models.SparseAutoEncoder',
  };
  const [router] = JSON.parse(await readFile(join(folder, 'modules.json'), 'utf8'));
  await writeFile(join(folder, 'modules.json'), JSON.stringify([router, behind]));
  await expect(readLayout('some-model', folder)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    found: expect.stringMatching(/Router, SparseAutoEncoder/),
  });
});

test('the registry speaks for a model without modules.json', async () => {
  expect(await readLayout('opensearch-doc-v3-distill', folder)).toMatchObject({
    head: { pooling: 'max', logarithms: 2 },
    queryTable: folder,
  });
  expect(await readLayout('splade-tiny', folder)).toMatchObject({ headStated: true });
});

test('a model without a word of its head is told apart from one that states it', async () => {
  expect(await readLayout('a-folder', folder)).toMatchObject({ headStated: false });
});

test.each([
  [{ query: 'query: ', document: '' }, { query: 'query: ' }],
  [{ query: '', document: 'passage: ' }, { document: 'passage: ' }],
  // encode_document of sentence-transformers' sparse encoders takes the prompt `document`, empty though it be.
  [{ passage: 'passage: ' }, undefined],
  [{ query: '', document: null }, undefined],
])('prompts %j are those of the two roles', async (prompts, expected) => {
  const config = { prompts, default_prompt_name: 'passage' };
  await writeFile(join(folder, 'config_sentence_transformers.json'), JSON.stringify(config));
  expect((await readLayout('splade-tiny', folder)).prompts).toEqual(expected);
});

test('prompts that are no texts are refused', async () => {
  await writeFile(join(folder, 'config_sentence_transformers.json'), '{"prompts": {"query": 7}}');
  await expect(readLayout('splade-tiny', folder)).rejects.toMatchObject({ code: 'MODEL_FILE_BROKEN' });
});
