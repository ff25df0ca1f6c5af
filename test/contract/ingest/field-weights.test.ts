import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { explain } from '../../../src/retrieve/explain-score.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { verify } from '../../../src/verify/verify.js';
import { collect } from '../../support/collect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

onEveryEngine('text fields with weights', ({ url }) => {
  const encoder = hashingEncoder();
  const options = { encoder, textFields: ['title', 'body'], textWeights: [4, 1] };
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  async function filled(): Promise<string> {
    const source = freshName('shop');
    const text = { type: 'text' };
    await engine.createIndex(source, { mappings: { properties: { title: text, body: text } } });
    const documents = [
      { title: 'fox', body: 'owl and mouse' },
      { title: 'owl', body: 'fox and mouse' },
      { title: 'badger', body: 'fox fox' },
    ];
    await engine.bulk(
      source,
      documents.map((document, i) => ({ kind: 'index', id: `d${i}`, source: document })),
    );
    return source;
  }

  async function copied(): Promise<string> {
    const [source, to] = [await filled(), freshName('copy')];
    for await (const report of reindex(engine, source, { to, ...options })) {
      if (report.done) expect(report).toMatchObject({ documents: 3, verified: true });
    }
    return to;
  }

  it('put a title before a text, by scores that are dot products', async () => {
    const name = await copied();
    const index = await SparseIndex.open(engine, name);
    const vector = (await encoder.encode(['fox']))[0]!.vector;
    const { hits } = await index.search(vector, { size: 3 });
    expect(hits.map(({ id }) => id)).toEqual(['d0', 'd2', 'd1']);
    const { scores, disagreements } = await verify(engine, name, [{ id: 'q', vector }], {
      dialect: index.dialect,
      field: index.field,
      top: 10,
    });
    expect({ scores, disagreements }).toEqual({ scores: 3, disagreements: 0 });
  });

  it('are those of vectors in place, too, and of what comes later', async () => {
    const shop = await filled();
    await collect(addVectors(engine, shop, options));
    await engine.bulk(shop, [{ kind: 'index', id: 'd3', source: { title: 'fox', body: 'fox' } }]);
    const reports = await collect(addVectors(engine, shop, { encoder }));
    expect(reports.at(-1)).toMatchObject({ documents: 4, verified: true });
    await engine.refresh(shop);
    const vectorsOf = async (index: string) => {
      const { hits } = await engine.search(index, { query: { match_all: {} }, _source: ['splade'] });
      return new Map(hits.map(({ id, source }) => [id, source?.splade]));
    };
    const own = await vectorsOf(shop);
    for (const [id, vector] of await vectorsOf(await copied())) expect([id, own.get(id)]).toEqual([id, vector]);
    expect(own.size).toBe(4);
    const joined = collect(addVectors(engine, shop, { encoder, textFields: options.textFields }));
    await expect(joined).rejects.toMatchObject({ code: 'PLAN_DIFFERS', stored: 'title^4,body^1' });
  });

  it('are explained by the words of the text that won', async () => {
    const index = await SparseIndex.open(engine, await copied());
    const { score, terms } = await explain(index, encoder, 'd1', 'fox');
    expect(terms.map(({ answeredBy }) => answeredBy)).toEqual([['fox']]);
    expect(score).toBeCloseTo(terms[0]!.product, 6);
  });
});
