import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';

const TEXTS = [
  'The fox’s den, and the foxes of 3.14 hills',
  "Generalizations of don't-care sets: e.g. U.S. relational, conditional, hopefulness",
  `${'a long story of engines and searching '.repeat(13)}ends`,
  'engine engine engine search',
  'Searching searches searched; an engineer’s engineering',
  'Ponies, caresses, ties, cats; agreed, plastered, motoring',
  ...Array.from({ length: 60 }, (_, i) => `filler ${'words and '.repeat(i)} search ${i} 1,000`),
];
const QUERIES = [
  'engine search',
  'search search engines',
  'foxes of the hills',
  "don't 3.14 u.s",
  'hopeful pony',
  'words 1,000',
];

type Scores = Record<string, Record<string, number>>;

/** By query and operator: every document found, with its score. */
async function answers(engine: Engine, analyzer: string): Promise<Scores> {
  const index = freshName('lexical');
  const settings = { 'index.number_of_shards': 1 };
  await engine.createIndex(index, { settings, mappings: { properties: { t: { type: 'text', analyzer } } } });
  const writes = TEXTS.map((t, i) => ({ kind: 'index' as const, id: `d${i}`, source: { t } }));
  await engine.bulk(index, writes);
  await engine.refresh(index);
  const found: Scores = {};
  for (const operator of ['or', 'and']) {
    for (const query of QUERIES) {
      const { hits } = await engine.search(index, { query: { match: { t: { query, operator } } }, size: 100 });
      found[`${operator} ${query}`] = Object.fromEntries(hits.map(({ id, score }) => [id, score!]));
    }
  }
  await engine.deleteIndex(index);
  return found;
}

/** Elasticsearch's integration-test zips of 8 and 9 have no `english` analyzer; the standard one is everywhere. */
const hasEnglish = ({ name }: { name: string }) => !/elasticsearch-[89]/.test(name);

/** Elasticsearch, and OpenSearch before 3, multiply every score by k1 + 1 (LegacyBM25Similarity): no ranking changes. */
const isLegacy = ({ name }: { name: string }) => !/opensearch-3/.test(name);

function scaled(scores: Scores, factor: number): Scores {
  const scale = (one: Record<string, number>) =>
    Object.fromEntries(Object.entries(one).map(([id, score]) => [id, score * factor]));
  return Object.fromEntries(Object.entries(scores).map(([query, one]) => [query, scale(one)]));
}

function largestRelativeDifference(a: Scores, b: Scores): number {
  const pairs = Object.entries(a).flatMap(([query, scores]) =>
    Object.entries(scores).map(([id, score]) => Math.abs(b[query]![id]! / score - 1)),
  );
  return Math.max(...pairs);
}

onEveryEngine('BM25 of the memory engine is that', ({ url, ...facts }) => {
  it.each(hasEnglish(facts) ? ['standard', 'english'] : ['standard'])('with the analyzer %s', async (analyzer) => {
    await using real = await connect(await url());
    await using memory = new MemoryEngine();
    const [theirs, ours] = [await answers(real, analyzer), await answers(memory, analyzer)];
    if (!isLegacy(facts)) expect(ours).toEqual(theirs);
    const idsOf = (scores: Scores) => Object.values(scores).map((one) => Object.keys(one).sort());
    expect(idsOf(ours)).toEqual(idsOf(theirs));
    const legacy = scaled(ours, isLegacy(facts) ? 2.2 : 1);
    // The factor enters before the float32 roundings there: a few units of the last place.
    expect(largestRelativeDifference(theirs, legacy)).toBeLessThan(2 ** -21);
  });
});
