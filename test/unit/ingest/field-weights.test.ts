import { WriteRewriter } from '../../../src/clients/rewrite-writes.js';
import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Encoded, Encoder } from '../../../src/encoder/encoder.js';
import { indexDocuments } from '../../../src/ingest/index-documents.js';
import { planVectors } from '../../../src/ingest/prepare-index.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { SourceItem } from '../../../src/ingest/source.js';
import { readVectorPlan } from '../../../src/mapping/vector-plan.js';
import { type Explainer, explain } from '../../../src/retrieve/explain-score.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const encoder = hashingEncoder();
const FIELDS = { textFields: ['title', 'body'], textWeights: [3, 1] };
const DOCUMENTS = {
  both: { title: 'fox hunting', body: 'a fox at night hunts mice' },
  untitled: { body: 'mice at night' },
  empty: { title: '', body: null },
};

async function shop(engine: MemoryCluster): Promise<void> {
  const text = { type: 'text' };
  await engine.createIndex('shop', { mappings: { properties: { title: text, body: text } } });
  const writes = Object.entries(DOCUMENTS).map(([id, source]) => ({ kind: 'index' as const, id, source }));
  await engine.bulk('shop', writes);
}

async function vectorsOf(engine: MemoryCluster, index: string): Promise<Record<string, unknown>> {
  const { hits } = await engine.search(index, { query: { match_all: {} } });
  return Object.fromEntries(hits.map(({ id, source }) => [id, source?.splade]));
}

/** The features of a text's own vector, each times a weight, as they are stored. */
async function wordsOf(text: string, weight: number): Promise<Record<string, number>> {
  const { vector } = (await encoder.encode([text]))[0]!;
  const weighed = vector.mapWeights((one) => one * weight);
  return storedFeatures(weighed, dialectForNewField(new MemoryCluster().version)) as Record<string, number>;
}

describe('a vector of text fields with weights', () => {
  it('has the largest weight of each term, is verified, and is the one that applications and sync make, too', async () => {
    await using engine = new MemoryCluster();
    await shop(engine);
    expect(await reindexed(engine, 'shop', { to: 'copy', ...FIELDS })).toMatchObject({ documents: 3, verified: true });
    const made = await vectorsOf(engine, 'copy');
    const [title, body] = [await wordsOf('fox hunting', 3), await wordsOf('a fox at night hunts mice', 1)];
    const tokens = [...new Set([...Object.keys(title), ...Object.keys(body)])];
    const both = Object.fromEntries(tokens.map((token) => [token, Math.max(title[token] ?? 0, body[token] ?? 0)]));
    expect(made).toEqual({ both, untitled: await wordsOf('mice at night', 1), empty: {} });

    expect(await sync(engine, 'shop', 'copy', { encoder })).toMatchObject({ unchanged: 3, updated: 0 });
    const plan = readVectorPlan('copy', (await engine.describeIndex('copy')).mappings);
    const dialect = dialectForNewField(engine.version);
    const writer = new WriteRewriter({ index: 'copy', plan, encoder, dialect }, () => true);
    const { body: written } = await writer.document({ method: 'PUT', path: '/copy/_doc/both', body: DOCUMENTS.both });
    expect(written).toEqual({ ...DOCUMENTS.both, splade: made.both });
  });

  it('is verified where another batch moves the last places that a weight multiplies', async () => {
    await using engine = new MemoryCluster();
    await shop(engine);
    let times = 0;
    const vectorOf = (one: Encoded) => ({ ...one, vector: one.vector.mapWeights((w) => 0.01 * w + times * 5e-5) });
    const moved: Encoder = {
      ...encoder,
      async *encodeStream(texts, options) {
        times++;
        for await (const one of encoder.encodeStream(texts, options)) yield vectorOf(one);
      },
    };
    const made = { to: 'copy', ...FIELDS, textWeights: [100, 1], encoder: moved };
    expect(await reindexed(engine, 'shop', made)).toMatchObject({ verified: true });
    expect(times).toBe(2);
  });

  it('goes on as it was made, and takes no other weights', async () => {
    await using engine = new MemoryCluster();
    await shop(engine);
    await reindexed(engine, 'shop', { to: 'copy', ...FIELDS });
    expect(await reindexed(engine, 'shop', { to: 'copy', textFields: undefined })).toMatchObject({ documents: 3 });
    const differs = { code: 'PLAN_DIFFERS', stored: 'title^3,body^1' };
    for (const textWeights of [undefined, [2, 1]]) {
      const again = reindexed(engine, 'shop', { to: 'copy', ...FIELDS, textWeights });
      await expect(again).rejects.toMatchObject(differs);
    }
    async function* one(): AsyncGenerator<SourceItem> {
      yield { ok: true, document: { id: 'new', source: { title: 'owl' } } };
    }
    const options = { encoder, usualTextFields: () => [] };
    await collect(indexDocuments(engine, 'copy', { items: one }, options));
    expect((await vectorsOf(engine, 'copy')).new).toEqual(await wordsOf('owl', 3));
  });

  it.each([
    [
      'weights without fields',
      { textFields: undefined, textWeights: [2, 1] },
      { code: 'PLAN_DIFFERS', given: 'title^2,body^1' },
    ],
    ['too few', { ...FIELDS, textWeights: [3] }, { code: 'FIELD_WEIGHTS_UNFIT' }],
    ['too few without fields', { textFields: undefined, textWeights: [3] }, { code: 'FIELD_WEIGHTS_UNFIT' }],
    ['weights of fields with vectors each', { ...FIELDS, perField: true }, { code: 'FIELD_WEIGHTS_UNFIT' }],
  ])('is not gone on with by %s', async (_, options, refused) => {
    await using engine = new MemoryCluster();
    await shop(engine);
    await reindexed(engine, 'shop', { to: 'copy', ...FIELDS });
    await expect(reindexed(engine, 'shop', { to: 'copy', ...options })).rejects.toMatchObject(refused);
  });

  it('is explained by the text that won, read in passages as the index reads it', async () => {
    await using engine = new MemoryCluster();
    const texts = { title: 'fox', body: 'owls and mice and a fox fox fox fox fox' };
    const items = async function* (): AsyncGenerator<SourceItem> {
      yield { ok: true, document: { id: 'd', source: texts } };
    };
    const passages = { tokens: 4, overlap: 0 };
    const made = { encoder, ...FIELDS, passages, usualTextFields: () => [] };
    await collect(indexDocuments(engine, 'shop', { items }, made));
    const cut = (text: string) => text.split(' ').slice(0, 4).join(' ');
    const explainer: Explainer = {
      ...encoder,
      encode: (texts, { passages } = {}) => encoder.encode(passages ? texts : texts.map(cut)),
      wordsBehind: async (text, ids) => Array.from(ids, () => text),
    };
    const { terms } = await explain(await SparseIndex.open(engine, 'shop'), explainer, 'd', 'fox');
    expect(terms.map(({ answeredBy }) => answeredBy)).toEqual([[texts.body]]);
  });

  it('says by its format that earlier releases do not know how it is made', () => {
    const engine = new MemoryCluster();
    expect(planVectors(engine, FIELDS.textFields, { encoder }).plan.format).toBe(1);
    expect(planVectors(engine, FIELDS.textFields, { encoder, ...FIELDS }).plan.format).toBe(2);
  });

  it.each([
    ['a field each', { perField: true }],
    ['passages that are kept', { passages: { tokens: 8, overlap: 2, kept: true } }],
    ['fewer weights than fields', { textWeights: [1] }],
    ['weights out of range', { textWeights: [0, 1] }],
    ['weights that are no numbers', { textWeights: [Number.NaN, 1] }],
  ])('is none with %s', (_, other) => {
    const planned = () => planVectors(new MemoryCluster(), FIELDS.textFields, { encoder, ...FIELDS, ...other });
    expect(planned).toThrow(expect.objectContaining({ code: 'FIELD_WEIGHTS_UNFIT' }));
  });
});
