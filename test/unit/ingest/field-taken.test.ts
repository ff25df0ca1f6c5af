import type { JsonObject } from '../../../src/dialect/dialect.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { indexDocuments } from '../../../src/ingest/index-documents.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { Refusal, SourceItem } from '../../../src/ingest/source.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed } from '../../support/memory-cluster.js';

const encoder = hashingEncoder();
const text = { type: 'text' };
const OURS = { type: 'keyword', index: false, doc_values: false };

describe('an index that has a field of the name of the vector field', () => {
  const taken: [string, JsonObject, string][] = [
    ['of its own', { splade: { type: 'keyword' } }, 'splade'],
    ['of vectors that are not ours', { splade: { type: 'rank_features' } }, 'splade'],
    ['with fields inside', { splade: { properties: { a: { type: 'long' } } } }, 'splade'],
    ['where hashes are kept', { termweave_hash: { type: 'long' } }, 'termweave_hash'],
  ];

  it.each(taken)('%s is neither copied nor given vectors', async (_, fields, field) => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat' }, { properties: { text, ...fields } });
    const fault = { code: 'FIELD_TAKEN', field };
    await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toMatchObject(fault);
    const adding = collect(addVectors(engine, 'shop', { encoder, textFields: ['text'] }));
    await expect(adding).rejects.toMatchObject(fault);
    await expect(engine.describeIndex('copy')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('keeps it where another vector field is named', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', {}, { properties: { text, splade: { type: 'keyword' } } });
    await engine.bulk('shop', [{ kind: 'index', id: 'a', source: { text: 'red coat', splade: 'mine' } }]);
    expect(await reindexed(engine, 'shop', { to: 'copy', field: 'vector' })).toMatchObject({ verified: true });
    const { hits } = await engine.search('copy', { query: { match_all: {} } });
    expect(hits[0]!.source).toMatchObject({ splade: 'mine', vector: expect.any(Object) });
  });

  it('is copied where the field is of its own plan, as of an earlier copy', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat' }, plannedMappings());
    for (const [from, to] of [
      ['shop', 'copy'],
      ['copy', 'next'],
    ] as const) {
      expect(await reindexed(engine, from, { to })).toMatchObject({ documents: 1, failed: 0, verified: true });
    }
    expect(await sync(engine, 'copy', 'next', { encoder })).toMatchObject({ unchanged: 1, failed: 0 });
  });

  it('is copied where it has hashes mapped as text, as of a dump of a copy that was indexed', async () => {
    await using engine = new MemoryCluster();
    const hash = { ...text, fields: { keyword: { type: 'keyword', ignore_above: 256 } } };
    await filledWith(engine, 'shop', {}, { properties: { text, termweave_hash: hash } });
    const dumped = { text: 'red coat', termweave_hash: 'of another copy' };
    await engine.bulk('shop', [{ kind: 'index', id: 'a', source: dumped }]);
    expect(await reindexed(engine, 'shop', { to: 'copy' })).toMatchObject({ documents: 1, verified: true });
    expect((await engine.describeIndex('copy')).mappings.properties).toMatchObject({ termweave_hash: OURS });
    expect(await sync(engine, 'shop', 'copy', { encoder })).toMatchObject({ unchanged: 1, failed: 0 });
  });

  it('is refused in place by the hash field that it has beside a plan', async () => {
    await using engine = new MemoryCluster();
    const { properties, ...mappings } = plannedMappings() as { properties: JsonObject };
    await filledWith(
      engine,
      'ours',
      { a: 'red coat' },
      { ...mappings, properties: { ...properties, termweave_hash: OURS } },
    );
    await collect(addVectors(engine, 'ours', { encoder }));
    await filledWith(
      engine,
      'shop',
      { a: 'red coat' },
      { ...mappings, properties: { ...properties, termweave_hash: text } },
    );
    await expect(collect(addVectors(engine, 'shop', { encoder }))).rejects.toMatchObject({ field: 'termweave_hash' });
  });
});

it('a field that texts are read from is no vector field', async () => {
  await using engine = new MemoryCluster();
  await filledWith(engine, 'shop', { a: 'red coat' }, { dynamic: false });
  const fault = { code: 'FIELD_TAKEN', field: 'text' };
  await expect(reindexed(engine, 'shop', { to: 'copy', field: 'text' })).rejects.toMatchObject(fault);
  const options = { encoder, usualTextFields: () => ['text.title'], field: 'text' };
  await expect(collect(indexDocuments(engine, 'new', given([]), options))).rejects.toMatchObject(fault);
});

const given = (documents: readonly JsonObject[]) => ({
  async *items(): AsyncGenerator<SourceItem> {
    for (const [i, source] of documents.entries()) yield { ok: true, document: { id: `d${i}`, source } };
  },
});

it('a document with something else in the vector field is refused; one with a vector, as a dump has them, gets a new one', async () => {
  await using engine = new MemoryCluster();
  const refused: Refusal[] = [];
  const deadLetters = { put: async (some: readonly Refusal[]) => void refused.push(...some) };
  const passages = [{ text: 'red coat', vector: { tiny1: 2 } }];
  const values = ['mine', 7, ['mine'], { name: 'mine' }, { tiny1: 2 }, [{ tiny1: 2 }], passages, {}, [], null];
  const source = given(values.map((splade) => ({ text: 'red coat', splade })));
  const options = { encoder, usualTextFields: () => ['text'], deadLetters: deadLetters as never };
  const reports = await collect(indexDocuments(engine, 'new', source, options));
  expect(reports.at(-1)).toMatchObject({ indexed: 6, failed: 4 });
  expect(refused.map(({ id, type }) => [id, type])).toEqual(['d0', 'd1', 'd2', 'd3'].map((id) => [id, 'field_taken']));
  expect(refused[0]!.document).toEqual({ text: 'red coat', splade: 'mine' });
});
