import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import { readQueryTable } from '../../../src/model/read-query-table.js';
import { TINY_TOKENS, tinyCheckpoint } from '../../support/tiny-checkpoint.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-table-'));
});
afterEach(() => rm(folder, { recursive: true }));

const idOf = (token: string) => (TINY_TOKENS.includes(token) ? TINY_TOKENS.indexOf(token) : undefined);

test('idf.json gives each token its weight, and none to those it does not name', async () => {
  await writeFile(join(folder, 'idf.json'), '{"cat": 5.5, "river": 0.25}');
  const weights = await readQueryTable(folder, TINY_TOKENS.length, idOf);
  expect([weights[idOf('cat')!], weights[idOf('river')!], weights[idOf('mat')!]]).toEqual([5.5, 0.25, 0]);
});

test.each([
  ['a token that the tokenizer lacks', '{"dog": 1}', /dog/],
  ['no weights', '{"cat": "heavy"}', /no weights by token/],
])('refuses an idf.json with %s', async (_, json, found) => {
  await writeFile(join(folder, 'idf.json'), json);
  await expect(readQueryTable(folder, TINY_TOKENS.length, idOf)).rejects.toMatchObject({
    code: 'MODEL_FILE_BROKEN',
    found: expect.stringMatching(found),
  });
});

test('queries by a table: own tokens only, once each, and the word behind each; documents by the network', async () => {
  const network = await tinyCheckpoint();
  await mkdir(join(network, 'pooling'));
  await mkdir(join(network, 'table'));
  const types = { table: 'st.SparseStaticEmbedding', '.': 'st.MLMTransformer', pooling: 'st.SpladePooling' };
  const structure = { query: ['table'], document: ['.', 'pooling'] };
  await writeFile(join(network, 'modules.json'), '[{"type": "st.Router", "path": ""}]');
  await writeFile(join(network, 'router_config.json'), JSON.stringify({ types, structure }));
  await writeFile(join(network, 'pooling', 'config.json'), '{"pooling_strategy": "max"}');
  await writeFile(join(network, 'table', 'idf.json'), '{"cat": 5.5, "mat": 1.5, "[CLS]": 3}');
  await using encoder = await loadEncoder(network, { home: folder, workers: 1 });
  const [query] = await encoder.encode(['cats cat on the Mat'], { as: 'query' });
  expect([...query!.vector.terms()].map(({ token, weight }) => [token, weight])).toEqual([
    ['cat', 5.5],
    ['mat', 1.5],
  ]);
  expect(await encoder.wordsBehind('cats cat on the Mat', query!.vector.ids, { as: 'query' })).toEqual(['cats', 'Mat']);
  const [document] = await encoder.encode(['cats cat on the Mat']);
  expect(document!.vector.size).toBeGreaterThan(2);
  await writeFile(join(network, 'table', 'tokenizer.json'), '{"model": {"type": "WordPiece", "vocab": {}}}');
  await expect(loadEncoder(network, { home: folder })).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  await rm(network, { recursive: true });
});
