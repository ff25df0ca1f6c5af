import { add } from '../../../src/query/strategies/add.js';
import { replace } from '../../../src/query/strategies/replace.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import type { Strategy } from '../../../src/query/strategies/strategy.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { onEveryEngine } from '../../support/engines.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVectors } from '../../support/toy-encoder.js';
import { translationTable } from '../../support/translation-table.js';

const STRATEGIES: readonly Strategy[] = [replace(), add({ weight: 0.5 }), rescore()];
const AGGS = {
  tags: { terms: { field: 'tag' } },
  years: { histogram: { field: 'year', interval: 10 } },
  quick: { filter: { match: { title: 'quick' } } },
};

/** Queries of plug-ins and licensed modules that none of these builds has, or that need a model or a field of theirs. */
const NOWHERE = [
  ...['hybrid', 'pinned', 'rule', 'geo_grid', 'shape', 'xy_shape', 'percolate', 'agentic', 'neural', 'semantic'],
  ...['text_expansion', 'neural_sparse'],
];
/** What a build lacks beside: `test/support/tested-engines.mjs` says which builds these are. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  // geo_shape on a geo_point; the others are Elasticsearch's own.
  'opensearch 3': ['geo_shape', 'knn', 'weighted_tokens', 'sparse_vector'],
  // No painless in this build.
  'elasticsearch 7': ['script_score', 'script', 'template', 'knn', 'weighted_tokens', 'sparse_vector'],
  // Neither painless nor parent-join nor mapper-extras in this build.
  'elasticsearch 9': [
    ...['script_score', 'script', 'template', 'rank_feature'],
    ...['has_child', 'has_child, scored', 'has_parent', 'has_parent, scored', 'parent_id'],
  ],
};

onEveryEngine('the table of docs/translation.md', ({ url }) => {
  let searched: SearchedIndex;
  const refused: string[] = [];

  beforeAll(async () => {
    searched = await searchedIndex(await url());
  }, 120_000);
  afterAll(() => searched?.[Symbol.asyncDispose]());

  const translated = (body: Record<string, unknown>, strategy: Strategy) => {
    const options = { ...searched, strategy };
    return translate(body, options, toyVectors(textsIn(body, options))).body;
  };

  /** What a body finds and counts. */
  const counted = async (body: Record<string, unknown>) => {
    const { status, body: answer } = await searched.send('_search', { ...body, track_total_hits: true });
    return { status, total: (answer.hits as { total?: unknown } | undefined)?.total, aggs: answer.aggregations };
  };

  it.each(translationTable())('accepts and counts alike: $title', async ({ title, query }) => {
    const plain = await counted({ query });
    if (plain.status !== 200) {
      refused.push(title);
      return;
    }
    const must = { match: { body: 'quick dog' } };
    for (const strategy of STRATEGIES) {
      const body = translated({ query }, strategy);
      expect(await searched.send('_validate/query', { query: body.query })).toMatchObject({ body: { valid: true } });
      expect((await counted(body)).status).toBe(200);
      const facets = { query, aggs: AGGS };
      expect(await counted(translated(facets, strategy))).toEqual(await counted(facets));
      const filtered = { query: { bool: { must, filter: [query] } }, aggs: AGGS };
      expect(await counted(translated(filtered, strategy))).toEqual(await counted(filtered));
    }
  });

  it.each(['query_string', 'simple_query_string'])('takes no text for words that %s reads otherwise', async (name) => {
    const hits = async (query: object) => {
      const { status, body } = await searched.send('_search', { query, size: 200, sort: ['_doc'], _source: false });
      return status === 200 ? (body as { hits: { hits: { _id: string }[] } }).hits.hits.map(({ _id }) => _id) : status;
    };
    const misread: string[] = [];
    for (const sign of [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', '&&', '||', 'AND', 'OR', 'NOT'])
      for (const text of [
        `${sign}quick lazy`,
        `quick${sign}lazy`,
        `quick ${sign}lazy`,
        `quick${sign} lazy`,
        `quick lazy${sign}`,
        `quick ${sign} lazy`,
      ]) {
        const query = { [name]: { query: text, fields: ['body'] } };
        if (textsIn({ query }, searched).length === 0) continue;
        const asWords = await hits({ match: { body: text } });
        if (JSON.stringify(await hits(query)) !== JSON.stringify(asWords)) misread.push(text);
      }
    expect(misread).toEqual([]);
  });

  it('was asked of this engine, but for the queries that it does not have', () => {
    const { flavour, major } = searched.engine.version;
    expect(new Set(refused)).toEqual(new Set([...NOWHERE, ...LACKING[`${flavour} ${major}`]!]));
  });
});
