import type { JsonObject } from '../../../src/dialect/dialect.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';

const MAPPINGS = { mappings: { properties: { t: { type: 'text' }, v: { type: 'rank_features' } } } };
const match = { match: { t: 'fox' } };
const feature = { field: 'v.fox', linear: {} };

async function filled(): Promise<MemoryEngine> {
  const engine = new MemoryEngine();
  await engine.createIndex('i', MAPPINGS);
  const writes = ['fox', 'fox dog', 'dog'].map((t, n) => ({
    kind: 'index' as const,
    id: `d${n}`,
    source: { t, v: { fox: n + 1 } },
  }));
  await engine.bulk('i', writes);
  return engine;
}

describe('what the memory engine does not speak', () => {
  const refused: [string, JsonObject][] = [
    ['sort', { query: match, sort: [{ date: 'desc' }] }],
    ['aggs', { query: match, aggs: {} }],
    ['highlight', { query: match, highlight: {} }],
    ['search_after', { query: match, search_after: [1] }],
    ['collapse', { query: match, collapse: { field: 't' } }],
    ['retriever', { retriever: { standard: { query: match } } }],
    ['fuzziness', { query: { match: { t: { query: 'fox', fuzziness: 'AUTO' } } } }],
    ['analyzer', { query: { match: { t: { query: 'fox', analyzer: 'english' } } } }],
    ['operator', { query: { match: { t: { query: 'fox', operator: 'and', minimum_should_match: 1 } } } }],
    ['cross_fields', { query: { multi_match: { query: 'fox', fields: ['t'], type: 'cross_fields' } } }],
    ['t*', { query: { multi_match: { query: 'fox', fields: ['t*'] } } }],
    ['minimum_should_match', { query: { multi_match: { query: 'fox', fields: ['t'], minimum_should_match: 2 } } }],
    ['_name', { query: { bool: { should: [match], _name: 'a' } } }],
    ['many', { query: { bool: { should: [match], minimum_should_match: 'many' } } }],
    ['saturation', { query: { rank_feature: { field: 'v.fox' } } }],
    ['saturation', { query: { bool: { should: [{ rank_feature: { field: 'v.fox', saturation: {}, linear: {} } }] } } }],
    ['scaling', { query: { bool: { should: [{ rank_feature: { field: 'v.fox', linear: { scaling: 2 } } }] } } }],
    ['score_mode', { query: match, rescore: { query: { rescore_query: match, score_mode: 'max' } } }],
    ['no_such_query', { query: { bool: { must: [{ no_such_query: {} }] } } }],
  ];

  it.each(refused)('%s is refused by name: %j', async (name, body) => {
    const engine = await filled();
    await expect(engine.search('i', body)).rejects.toMatchObject({
      code: 'ENGINE_REFUSED',
      status: 400,
      reason: expect.stringContaining(name),
    });
  });
});

it('a bounded sparse query is bounded: it has no way past the filters', async () => {
  const engine = await filled();
  const query = { bool: { should: [{ rank_feature: feature }] } };
  const ids = async (body: JsonObject) => (await engine.search('i', { query, ...body })).hits.map(({ id }) => id);
  expect(await ids({})).toEqual(['d2', 'd1', 'd0']);
  expect(await ids({ min_score: 2 })).toEqual(['d2', 'd1']);
  expect(await ids({ post_filter: match })).toEqual(['d1', 'd0']);
});

it('a snapshot answers what it answered, whatever is written after it', async () => {
  const engine = await filled();
  await using snapshot = await engine.snapshot('i');
  const bodies: JsonObject[] = [
    { query: match },
    { query: { ids: { values: ['d0', 'd1', 'late'] } } },
    { query: { bool: { must: [match], should: [{ rank_feature: feature }] } } },
    { query: { bool: { should: [{ rank_feature: feature }] } } },
    { query: match, rescore: { query: { rescore_query: { match: { t: 'dog' } } } } },
  ];
  const answers = () => Promise.all(bodies.map((body) => snapshot.search(body)));
  const before = await answers();
  await engine.bulk('i', [
    { kind: 'index', id: 'd0', source: { t: 'fox fox fox in other words', v: { fox: 9 } } },
    { kind: 'delete', id: 'd1' },
    { kind: 'index', id: 'late', source: { t: 'fox and many a word more', v: { fox: 7 } } },
  ]);
  expect(await answers()).toEqual(before);
});
