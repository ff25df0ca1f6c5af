import type { JsonObject } from '../../../src/dialect/dialect.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';

const WORDS = ['red', 'blue', 'sea', 'ship', 'fox', 'dog', 'sun'];
const DOCUMENTS = 60;

/** A document has each word that its number is divisible by the place of, so that clauses of one word match known numbers of documents. */
function documentOf(n: number): { t: string; u: string } {
  const has = (place: number) => n % (place + 1) === 0;
  return { t: WORDS.filter((_, place) => has(place)).join(' '), u: WORDS[n % WORDS.length]! };
}

/** A clause whose score is a number of ours: what BM25 gives differs among the engines in the last places. */
function scored(word: string, boost: number): JsonObject {
  return { constant_score: { filter: { match: { t: word } }, boost } };
}

const should = [scored('red', 1.5), scored('blue', 0.3), scored('sea', 2.25), scored('ship', 0.7)];
const must = [scored('blue', 0.1)];
const two = scored('fox', 3);

/** Bodies whose scores are sums and products of the boosts above, in float32 and double as Lucene mixes them. */
const EXACT: Readonly<Record<string, JsonObject>> = {
  'bool, empty': { query: { bool: {} } },
  'boosts within boosts': {
    query: { bool: { must: [{ bool: { should, boost: 0.3 } }], should: [{ match_all: { boost: 0.7 } }], boost: 1.7 } },
  },
  'bool, empty and boosted': { query: { bool: { boost: 1.3 } } },
  'bool of exclusions alone': { query: { bool: { must_not: [two] } } },
  'bool of filters alone': { query: { bool: { filter: [two] } } },
  'bool.should': { query: { bool: { should } } },
  'bool.should beside must': { query: { bool: { must, should } } },
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, -1, -3, -9, '2', '75%', '50%', '-25%', '-30%', '2<75%', '1<-1 3<50%', ' 3 < 2 '].map((least) => [
      `bool.minimum_should_match of ${least}`,
      { query: { bool: { should, minimum_should_match: least } } },
    ]),
  ),
  ...Object.fromEntries(
    [0, 1, 2, '-1', '50%'].map((least) => [
      `bool.minimum_should_match of ${least} beside must and filter`,
      { query: { bool: { must, filter: [scored('red', 1)], should: should.slice(2), minimum_should_match: least } } },
    ]),
  ),
  'bool.minimum_should_match without should': { query: { bool: { must, minimum_should_match: 1 } } },
  'bool.minimum_should_match, and a clause that matches nothing': {
    query: { bool: { should: [scored('red', 1), scored('nowhere', 1)], minimum_should_match: 2 } },
  },
  ...Object.fromEntries(
    [0, 0.3, 0.7, 1].map((tie_breaker) => [
      `dis_max with tie_breaker ${tie_breaker}`,
      { query: { dis_max: { queries: should, tie_breaker, boost: 1.7 } } },
    ]),
  ),
  'ids, one of them twice': { query: { ids: { values: ['d7', 'd3', 'd7', 'nobody'], boost: 2 } } },
  min_score: { query: { bool: { should } }, min_score: 2.25 },
  'min_score, of a rescored search': {
    query: { bool: { should } },
    min_score: 0.3,
    rescore: { window_size: 10, query: { rescore_query: two, query_weight: 0.1 } },
  },
  post_filter: { query: { bool: { should } }, post_filter: { match: { t: 'ship' } } },
  'post_filter and min_score': { query: { bool: { should } }, post_filter: two, min_score: 1.8 },
  ...Object.fromEntries(
    [
      { window_size: 5, query: { rescore_query: two } },
      { window_size: 5, query: { rescore_query: two, query_weight: 0.4, rescore_query_weight: 0.9 } },
      { window_size: 7, query: { rescore_query: { bool: { should } }, query_weight: 0, rescore_query_weight: 1 } },
      { query: { rescore_query: two, query_weight: 3 } },
    ].map((rescore, i) => [`rescore ${i}, past its window`, { query: { bool: { should } }, rescore, size: 40 }]),
  ),
  'two rescores': {
    query: { bool: { should } },
    rescore: [
      { window_size: 12, query: { rescore_query: two, query_weight: 0.5 } },
      { window_size: 4, query: { rescore_query: scored('dog', 9), query_weight: 0.25 } },
    ],
    size: 40,
  },
};

/** Bodies whose scores are BM25's. */
const LEXICAL: Readonly<Record<string, JsonObject>> = {
  'match, boosted': { query: { match: { t: { query: 'sea ship', boost: 2.5 } } } },
  ...Object.fromEntries(
    [1, 2, 3, 5, -1, '75%', '-40%', '2<2'].map((least) => [
      `match with minimum_should_match of ${least}`,
      { query: { match: { t: { query: 'blue sea ship fox', minimum_should_match: least } } } },
    ]),
  ),
  'match of a word twice with minimum_should_match': {
    query: { match: { t: { query: 'blue blue sea', minimum_should_match: 2 } } },
  },
  'match of one word with minimum_should_match': {
    query: { match: { t: { query: 'ship', minimum_should_match: 3 } } },
  },
  multi_match: { query: { multi_match: { query: 'ship fox', fields: ['t^2', 'u'] } } },
  'multi_match with tie_breaker': {
    query: { multi_match: { query: 'ship fox', fields: ['t^2', 'u'], tie_breaker: 0.4 } },
  },
  'multi_match of most_fields': {
    query: { multi_match: { query: 'ship fox', fields: ['t', 'u^3'], type: 'most_fields', boost: 0.5 } },
  },
  'multi_match of most_fields with tie_breaker': {
    query: { multi_match: { query: 'ship fox', fields: ['t', 'u'], type: 'most_fields', tie_breaker: 0.2 } },
  },
};

async function filled(engine: Engine): Promise<string> {
  const index = freshName('language');
  const properties = { t: { type: 'text' }, u: { type: 'text' } };
  await engine.createIndex(index, { settings: { 'index.number_of_shards': 1 }, mappings: { properties } });
  await engine.bulk(
    index,
    Array.from({ length: DOCUMENTS }, (_, n) => ({ kind: 'index', id: `d${n}`, source: documentOf(n + 1) })),
  );
  await engine.refresh(index);
  return index;
}

async function found(engine: Engine, index: string, body: JsonObject) {
  const { hits, total } = await engine.search(index, { size: DOCUMENTS, track_total_hits: true, ...body });
  return { total, hits: hits.map(({ id, score }) => ({ id, score: score! })) };
}

/** Elasticsearch, and OpenSearch before 3, multiply every BM25 score by k1 + 1 (LegacyBM25Similarity). */
const legacyFactor = (name: string) => (/opensearch-3/.test(name) ? 1 : 2.2);

onEveryEngine('the language of the memory engine is that', ({ url, name }) => {
  let memory: Engine;
  let real: Engine;
  let [ours, theirs] = ['', ''];
  beforeAll(async () => {
    memory = new MemoryEngine();
    real = await connect(await url());
    ours = await filled(memory);
    theirs = await filled(real);
  }, 120_000);
  afterAll(async () => {
    await real?.deleteIndex(theirs);
    await real?.[Symbol.asyncDispose]();
  });

  it.each(Object.entries(EXACT))('to the bit: %s', async (_, body) => {
    expect(await found(memory, ours, body)).toEqual(await found(real, theirs, body));
  });

  it.each(Object.entries(LEXICAL))('%s', async (_, body) => {
    const [mine, other] = [await found(memory, ours, body), await found(real, theirs, body)];
    if (legacyFactor(name) === 1) expect(mine.hits).toEqual(other.hits);
    const scoresOf = ({ hits }: typeof mine) => new Map(hits.map(({ id, score }) => [id, score]));
    expect(mine.total).toBe(other.total);
    const expected = scoresOf(other);
    expect([...scoresOf(mine).keys()].sort()).toEqual([...expected.keys()].sort());
    // The factor enters before the float32 roundings there: a few units of the last place.
    for (const [id, score] of scoresOf(mine))
      expect(Math.abs((score * legacyFactor(name)) / expected.get(id)! - 1)).toBeLessThan(2 ** -20);
  });
});
