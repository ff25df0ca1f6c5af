import type { JsonObject } from '../../../src/dialect/dialect.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { rollBackAlias } from '../../../src/ingest/reindex/alias.js';
import { estimate } from '../../../src/ingest/reindex/estimate.js';
import type { ReindexOptions } from '../../../src/ingest/reindex/reindex-options.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed } from '../../support/memory-cluster.js';

const text = { type: 'text' };
const PROPERTIES = {
  text,
  title: { ...text, fields: { raw: { type: 'keyword' } } },
  at: { type: 'date' },
  inner: { properties: { name: text, size: { type: 'long' } } },
  embedding: { type: 'dense_vector' },
};

async function shop(mappings: JsonObject = {}) {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', { a: 'red coat' }, { properties: PROPERTIES, ...mappings });
  return engine;
}

const wrong: [string, Partial<ReindexOptions>, JsonObject][] = [
  ['a query that no engine takes', { query: { nope: {} } }, { code: 'QUERY_REFUSED', index: 'shop' }],
  [
    'a text field of vectors',
    { textFields: ['embedding'] },
    { code: 'FIELDS_UNKNOWN', fields: ['text', 'title', 'inner.name'] },
  ],
  ['a name that no alias can have', { alias: 'Bad*Name' }, { code: 'NAME_UNUSABLE', given: 'Bad*Name' }],
  ['an alias without a name', { alias: '' }, { code: 'NAME_UNUSABLE' }],
  ['a copy that is to be its own alias', { alias: 'copy' }, { code: 'ALIAS_IS_INDEX' }],
  ['a name that no copy can have', { to: 'Copy' }, { code: 'NAME_UNUSABLE', given: 'Copy' }],
  ['a copy without a name', { to: '' }, { code: 'NAME_UNUSABLE' }],
];

it.each(wrong)('%s is found before anything is made', async (_, options, fault) => {
  await using engine = await shop();
  const created: string[] = [];
  const createIndex = engine.createIndex.bind(engine);
  engine.createIndex = (name, body) => {
    created.push(name);
    return createIndex(name, body);
  };
  const all = { encoder: hashingEncoder(), textFields: ['text'], to: 'copy', ...options };
  await expect(reindexed(engine, 'shop', all)).rejects.toMatchObject(fault);
  await expect(estimate(engine, 'shop', all)).rejects.toMatchObject(fault);
  expect(created).toEqual([]);
});

it.each(['at', 'inner.size', 'title.raw'])('an index can be followed by %s', async (follow) => {
  await using engine = await shop();
  // What the memory engine cannot do is to sort.
  const search = engine.search.bind(engine);
  engine.search = async (index, body) => (body.sort ? ({ hits: [], total: 0 } as never) : search(index, body));
  expect(await reindexed(engine, 'shop', { to: 'copy', follow })).toMatchObject({ verified: true });
});

it('the vectors of an index are no text, and are not offered as such', async () => {
  await using engine = await shop(plannedMappings());
  const asText = reindexed(engine, 'shop', { to: 'copy', textFields: ['splade'], field: 'vector' });
  await expect(asText).rejects.toMatchObject({ code: 'FIELDS_UNKNOWN', looked: ['splade'], fields: ['text'] });
});

it('a copy whose source cannot tell where it stands is not made', async () => {
  await using engine = await shop();
  engine.writeMark = () => Promise.reject(new Error('it went away'));
  await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toThrow('it went away');
  await expect(engine.describeIndex('copy')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
});

it('a wrong query gives no index a plan in place', async () => {
  await using engine = await shop();
  const options = { encoder: hashingEncoder(), textFields: ['text'], query: { nope: {} } };
  await expect(collect(addVectors(engine, 'shop', options))).rejects.toMatchObject({ code: 'QUERY_REFUSED' });
  expect(engine.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
});

it('no alias is rolled back where none is named', async () => {
  await using engine = await shop();
  await expect(rollBackAlias(engine, '', {})).rejects.toMatchObject({ code: 'NAME_UNUSABLE' });
});

describe('an estimate', () => {
  const options = { encoder: hashingEncoder(), textFields: ['text'] };

  it('refuses an index that is no copy, and another plan than that of the copy', async () => {
    await using engine = await shop();
    await filledWith(engine, 'other', {});
    const foreign = estimate(engine, 'shop', { ...options, to: 'other' });
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_THE_COPY' });
    await reindexed(engine, 'shop', { to: 'copy' });
    const differing = estimate(engine, 'shop', { ...options, to: 'copy', textFields: ['title'] });
    await expect(differing).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
    expect(await estimate(engine, 'shop', { ...options, to: 'copy' })).toMatchObject({ documents: 1, sample: 1 });
  });

  it('in place is one of the index with its own plan', async () => {
    await using engine = await shop(plannedMappings());
    const asked = { encoder: hashingEncoder(), to: 'shop', inPlace: true };
    expect(await estimate(engine, 'shop', asked)).toMatchObject({ documents: 1, tokens: 2 });
    const differing = estimate(engine, 'shop', { ...asked, textFields: ['title'] });
    await expect(differing).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
  });
});
