import type { JsonObject } from '../../../src/dialect/dialect.js';
import { exactJson, parseExactJson } from '../../../src/dialect/exact-number.js';
import { keptPassages } from '../../../src/dialect/kept-passages.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { add } from '../../../src/query/strategies/add.js';
import { normalisedSum } from '../../../src/query/strategies/fusion.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { replace } from '../../../src/query/strategies/replace.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import type { Strategy } from '../../../src/query/strategies/strategy.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { toyVector, toyVectors } from '../../support/toy-encoder.js';
import { toyPlan } from '../../support/translation-table.js';

const plan = toyPlan('rank-features');

function translated(body: unknown, strategy: Strategy = replace(), maxFeatures?: number) {
  const options = { plan, dialect: rankFeatures, strategy, maxFeatures };
  return translate(body, options, toyVectors(textsIn(body, options)));
}

/** The sparse query of a text on a field, spelled out. */
function sparse(text: string, field: string) {
  return {
    bool: {
      should: toyVector(text)
        .heaviestFirst()
        .map(({ token, weight }) => ({ rank_feature: { field: `${field}.${token}`, boost: weight, linear: {} } })),
    },
  };
}

const match = { match: { title: 'quick fox' } };

describe('replace', () => {
  it('puts the sparse query where the text was, and leaves filters alone', () => {
    const filter = [{ match: { body: 'lazy dog' } }];
    const { body } = translated({ query: { bool: { must: match, filter } }, size: 5 });
    expect(body).toEqual({ query: { bool: { must: sparse('quick fox', 'splade_title'), filter } }, size: 5 });
  });

  it('writes a name that is a number as a text, for compound queries take no other', () => {
    for (const given of [5, true, null]) {
      const { body } = translated({ query: { match: { title: { query: 'quick fox', _name: given } } } });
      const named = { bool: { must: [sparse('quick fox', 'splade_title')], _name: String(given) } };
      expect((body as JsonObject).query).toEqual(given === null ? sparse('quick fox', 'splade_title') : named);
    }
  });

  it('keeps what a demand matches, and orders it by the sparse score', () => {
    const demand = { match: { title: { query: 'quick fox', operator: 'and', boost: 3, _name: 'all' } } };
    const { body } = translated({ query: demand });
    expect(body.query).toEqual({
      bool: {
        filter: [{ match: { title: { query: 'quick fox', operator: 'and' } } }],
        should: [{ bool: { must: [sparse('quick fox', 'splade_title')], boost: 3 } }],
        _name: 'all',
      },
    });
  });

  it.each([
    [
      'a function that replaces it',
      { function_score: { query: match, functions: [{ weight: 2 }], boost_mode: 'REPLACE' } },
    ],
    [
      'a function of a script that does not read it',
      { function_score: { query: match, script_score: { script: { source: '2' } }, boost_mode: 'replace' } },
    ],
    ['a script that does not read it', { script_score: { query: match, script: { source: "doc['year'].value" } } }],
    ['a boost of nothing', { match: { title: { query: 'quick fox', boost: 0 } } }],
  ])('leaves text alone whose score is thrown away by %s', (_, query) => {
    const { body, report } = translated({ query });
    expect([body.query, report.left.map(({ reason }) => reason)]).toEqual([query, ['filter']]);
  });

  it('translates text whose score a script reads, or may read', () => {
    for (const script of [{ source: '_score * 2' }, { id: 'stored' }, { lang: 'expression', source: 'popularity' }])
      for (const query of [
        { script_score: { query: match, script } },
        { function_score: { query: match, script_score: { script }, boost_mode: 'replace' } },
        {
          function_score: {
            query: match,
            functions: [{ weight: 2 }, { script_score: { script } }],
            boost_mode: 'replace',
          },
        },
      ])
        expect(translated({ query }).report.translated).toHaveLength(1);
  });

  it('reads numbers that were kept as they are written', () => {
    const body = '{"query":{"match":{"title":{"query":12345678901234567890,"boost":2.0}}},"size":5.0,"from":1e0}';
    const exact = parseExactJson(body, 'as written');
    const byClient = hybrid({ by: 'client' });
    expect(translated(exact, byClient).lists!.lexical.size).toBe(100);
    expect(exactJson(translated(exact).body)).toContain('"size":5.0,"from":1e0');
    expect(translated(exact).body.query).toEqual({
      bool: { must: [sparse('12345678901234567890', 'splade_title')], boost: 2 },
    });
  });

  it('keeps what is counted where a body has aggregations', () => {
    const { body, report } = translated({ query: match, aggs: { tags: { terms: { field: 'tag' } } } });
    expect(body.query).toEqual({ bool: { filter: [match], should: [sparse('quick fox', 'splade_title')] } });
    expect(report.translated[0]!.kept).toBe('aggs');
  });

  it('tells the highlighter the words', () => {
    const highlight = { fields: { title: {} } };
    expect(translated({ query: match, highlight }).body.highlight).toEqual({ ...highlight, highlight_query: match });
  });

  it('tells the highlighter the words of a retriever, and of several', () => {
    const highlight = { fields: { title: {} } };
    const one = { standard: { query: match } };
    const marked = (retriever: object) => translated({ retriever, highlight }).body.highlight;
    expect(marked(one)).toEqual({ ...highlight, highlight_query: match });
    const other = { match: { tag: 'red' } };
    const several = [one, { retriever: { standard: { query: other } }, weight: 2 }, { knn: { field: 'e' } }];
    const rescored = { retriever: { linear: { retrievers: several } }, rescore: {} };
    expect(marked({ rescorer: rescored })).toEqual({
      ...highlight,
      highlight_query: { bool: { should: [match, other] } },
    });
    const own = { ...highlight, highlight_query: other };
    expect(translated({ retriever: one, highlight: own }).body.highlight).toBe(own);
  });

  it('joins the vectors of several fields as the clause joined the fields, and asks the others lexically', () => {
    const query = { multi_match: { query: 'quick fox', fields: ['title^3', 'tag^2'], tie_breaker: 0.3, boost: 2 } };
    const best = { bool: { must: [sparse('quick fox', 'splade_title')], boost: 3 } };
    const tag = { multi_match: { query: 'quick fox', fields: ['tag^2'], tie_breaker: 0.3 } };
    expect(translated({ query }).body.query).toEqual({
      bool: { must: [{ dis_max: { queries: [best, tag], tie_breaker: 0.3 } }], boost: 2 },
    });
  });

  it('asks the one vector that was made of all the fields', () => {
    const { report } = translated({ query: { multi_match: { query: 'fox', fields: ['title', 'body'] } } });
    expect(report.translated[0]!.vectors).toMatchObject([
      { field: 'splade', covers: ['title', 'body'], widenedBy: [] },
    ]);
  });

  it('says which fields a vector brings along', () => {
    const { report } = translated({ query: { match: { body: 'fox' } } });
    expect(report.translated[0]!.vectors).toMatchObject([{ field: 'splade', covers: ['body'], widenedBy: ['title'] }]);
  });

  it('leaves a text without terms lexical', () => {
    const body = { query: { match: { title: '???' } } };
    expect(translated(body)).toMatchObject({ body, report: { left: [{ path: 'query.match', reason: 'no-terms' }] } });
  });

  it('leaves a text without words as it is, for a model makes terms of nothing, too', () => {
    for (const query of ['', ' \n']) {
      const body = { query: { bool: { must: [{ match: { title: { query, zero_terms_query: 'all' } } }, match] } } };
      expect(textsIn(body, { plan })).toEqual(['quick fox']);
      expect(translated(body).report.left).toMatchObject([{ reason: 'no-terms' }]);
    }
  });

  it('shares the clauses of the engine out, lightest terms first, and says so', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const should = [{ match: { title: words } }, { match: { body: words } }];
    const { report } = translated({ query: { bool: { should } } }, replace(), 100);
    for (const { vectors } of report.translated)
      expect(vectors[0]).toMatchObject({ terms: 50, dropped: expect.any(Number) });
    expect(report.translated[0]!.vectors[0]!.dropped).toBe(toyVector(words).size - 50);
  });

  it('counts the words that one query asks beside the vector, and no others', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const terms = (query: object, strategy: Strategy, rest: object = {}) =>
      translated({ query, ...rest }, strategy, 170).report.translated[0]!.vectors[0]!.terms;
    const all = toyVector(words).size;
    expect(all).toBeGreaterThan(110);
    const plain = { match: { title: words } };
    expect(terms(plain, replace())).toBe(all);
    expect(terms(plain, rescore())).toBe(all);
    expect(terms(plain, hybrid({ by: 'client' }))).toBe(all);
    for (const by of ['query', 'retriever'] as const) expect(terms(plain, hybrid({ by }))).toBe(109);
    expect(terms(plain, add())).toBe(110);
    expect(terms(plain, replace(), { aggs: { tags: { terms: { field: 'tag' } } } })).toBe(110);
    expect(terms({ match: { title: { query: words, operator: 'and' } } }, replace())).toBe(110);
    expect(terms({ multi_match: { query: words, fields: ['title', 'tag'] } }, replace())).toBe(110);
    expect(terms({ bool: { must: plain, filter: { match: { tag: words } } } }, replace())).toBe(110);
  });

  it.each(['query', 'retriever'] as const)('counts twice what stands in both halves of a hybrid, by %s', (by) => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const terms = (query: object, rest: object = {}) =>
      translated({ query, ...rest }, hybrid({ by }), 231).report.translated[0]!.vectors[0]!.terms;
    const plain = { match: { title: words } };
    expect(toyVector(words).size).toBeGreaterThan(110);
    // 60 words of the title, and twice the 60 that stay, in whichever way they do.
    expect(terms({ bool: { must: plain, filter: { match: { tag: words } } } })).toBe(50);
    expect(terms({ match: { title: { query: words, operator: 'and' } } })).toBe(110);
    expect(terms(plain, { aggs: { tags: { terms: { field: 'tag' } } } })).toBe(110);
    expect(terms({ multi_match: { query: words, fields: ['title', 'tag'] } })).toBe(50);
  });

  it('asks a vector inside a nested object for the fields of that object', () => {
    const vectors = { 'comments.splade': { from: ['comments.text'], pruning: 'none' }, ...plan.vectors };
    const options = { plan: { ...plan, vectors }, dialect: rankFeatures };
    const inside = { nested: { path: 'comments', query: { match: { 'comments.text': 'fox' } } } };
    const outside = { nested: { path: 'comments', query: match } };
    const reportOf = (query: unknown) => translate({ query }, options, toyVectors(['fox', 'quick fox'])).report;
    expect(reportOf(inside).translated[0]!.vectors[0]!.field).toBe('comments.splade');
    expect(reportOf(outside).left).toMatchObject([{ reason: 'out-of-scope' }]);
  });
});

describe('add', () => {
  it('finds what either finds', () => {
    const weighted = { bool: { must: [sparse('quick fox', 'splade_title')], boost: 0.5 } };
    expect(translated({ query: match }, add({ weight: 0.5 })).body.query).toEqual({
      bool: { should: [match, weighted] },
    });
  });

  it('finds what the clause demands', () => {
    const demand = { match_phrase: { title: 'quick fox' } };
    const should = [sparse('quick fox', 'splade_title')];
    expect(translated({ query: demand }, add()).body.query).toEqual({ bool: { must: [demand], should } });
  });
});

describe('rescore', () => {
  it('reorders the same window on every page, after what reorders already', () => {
    const theirs = { window_size: 20, query: { rescore_query: { match_phrase: { title: 'quick fox' } } } };
    const { body } = translated({ query: match, from: 200, size: 20, rescore: theirs }, rescore({ window: 50 }));
    const query = {
      rescore_query: sparse('quick fox', 'splade_title'),
      query_weight: 2 ** -80,
      rescore_query_weight: 1,
    };
    expect(body).toEqual({ query: match, from: 200, size: 20, rescore: [theirs, { window_size: 50, query }] });
    const large = translated({ query: match, size: 60 }, rescore({ window: 50 })).body;
    expect(large.rescore).toMatchObject({ window_size: 60 });
  });

  it.each(['collapse', 'indices_boost', 'knn', 'search_after', 'sort'])('refuses beside %s, and says so', (part) => {
    const body = { query: match, [part]: part === 'sort' ? ['_score'] : { field: 'tag' } };
    expect(translated(body, rescore())).toMatchObject({
      body,
      report: { refused: [{ path: 'query' }], translated: [] },
    });
  });
});

describe('hybrid', () => {
  const sparseQuery = sparse('quick fox', 'splade_title');

  it('is a hybrid query with its pipeline on OpenSearch', () => {
    const { body } = translated({ query: match }, hybrid({ by: 'query', fusion: normalisedSum(0.75) }));
    expect(body.query).toEqual({ hybrid: { queries: [match, sparseQuery], pagination_depth: 100 } });
    expect(body.search_pipeline).toMatchObject({
      phase_results_processors: [
        { 'normalization-processor': { combination: { parameters: { weights: [0.25, 0.75] } } } },
      ],
    });
  });

  it('is a retriever on Elasticsearch', () => {
    const { body } = translated({ query: match, size: 3 }, hybrid({ by: 'retriever' }));
    const retrievers = [{ standard: { query: match } }, { standard: { query: sparseQuery } }];
    expect(body).toEqual({ size: 3, retriever: { rrf: { retrievers, rank_constant: 60, rank_window_size: 100 } } });
  });

  it.each(['client', 'query', 'retriever'] as const)('is refused beside what it cannot keep, joined by %s', (by) => {
    const parts = {
      ...{ rescore: {}, knn: {}, rank: {}, search_after: [1], collapse: { field: 'tag' } },
      sort: ['_score', 'id'],
      ...(by === 'query' && { search_pipeline: { request_processors: [] }, indices_boost: [{ books: 2 }] }),
      ...(by === 'retriever' && { terminate_after: 5 }),
    };
    for (const [key, part] of Object.entries(parts)) {
      const body = { query: match, [key]: part };
      expect(translated(body, hybrid({ by }))).toMatchObject({
        body,
        report: { translated: [], refused: [{ reason: expect.stringContaining(key) }] },
      });
    }
  });

  it.each(['query', 'retriever'] as const)(
    'reaches as deep as its page, and is refused past it, joined by %s',
    (by) => {
      const depthOf = (body: object) => {
        const { query, retriever } = translated({ query: match, ...body }, hybrid({ by })).body as never as {
          query?: { hybrid: { pagination_depth: number } };
          retriever?: { rrf: { rank_window_size: number } };
        };
        return query?.hybrid.pagination_depth ?? retriever?.rrf.rank_window_size;
      };
      expect([depthOf({}), depthOf({ from: 90 }), depthOf({ size: 200 })]).toEqual([100, 100, 200]);
      const past = { query: match, from: 500 };
      expect(translated(past, hybrid({ by }))).toMatchObject({
        body: past,
        report: { refused: [{ reason: expect.stringContaining('reach past the 100 documents') }] },
      });
    },
  );

  it.each(['query', 'retriever'] as const)('tells the highlighter the words, joined by %s', (by) => {
    const highlight = { fields: { title: {} } };
    const { body } = translated({ query: match, highlight }, hybrid({ by }));
    expect(body.highlight).toEqual({ ...highlight, highlight_query: match });
  });

  it('is refused where the engine joins no lists', () => {
    expect(translated({ query: match }, hybrid()).report.refused).toHaveLength(1);
  });
});

describe('a body', () => {
  it.each([
    [{ size: 0 }, 'counts'],
    [{ sort: [{ date: 'desc' }, '_score'] }, 'sorted'],
    [{ sort: 'date:desc' }, 'sorted'],
    [{ min_score: 2 }, 'min-score'],
  ])('with %j asks its query yes or no', (part, reason) => {
    const body = { query: match, ...part };
    expect(translated(body)).toMatchObject({ body, report: { translated: [], left: [{ reason }] } });
  });

  it.each([['_score'], [['_score']], [[{ _score: 'desc' }, { date: 'asc' }]]])(
    'sorted by %j is ordered by score',
    (sort) => {
      expect(translated({ query: match, sort }).report.translated).toHaveLength(1);
    },
  );

  it('has its retrievers walked', () => {
    const standard = (query: unknown) => ({ standard: { query } });
    const retriever = (query: unknown) => ({
      rrf: { retrievers: [standard(query), { linear: { retrievers: [{ retriever: standard(query), weight: 2 }] } }] },
    });
    const { body, report } = translated({ retriever: retriever(match) });
    expect(body).toEqual({ retriever: retriever(sparse('quick fox', 'splade_title')) });
    expect(report.translated.map(({ path }) => path)).toEqual([
      'retriever.rrf.retrievers[0].standard.query.match',
      'retriever.rrf.retrievers[1].linear.retrievers[0].retriever.standard.query.match',
    ]);
    expect(translated({ retriever: retriever(match) }, rescore()).report.refused).toHaveLength(1);
  });

  it('is left where it asks in a short form, by a vector, or in a way that is not known, and the report says so', () => {
    const short = { linear: { query: 'quick fox', fields: ['title^2', 'body'], normalizer: 'minmax' } };
    const knn = { knn: { field: 'e', query_vector: [1], k: 1, num_candidates: 1 } };
    const retrievers = [
      { standard: { query: match } },
      { retriever: short, weight: 2 },
      knn,
      { later: { retriever: {} } },
    ];
    const { body, report } = translated({ retriever: { rrf: { retrievers } } });
    expect((body as never as { retriever: typeof short }).retriever).toMatchObject({
      rrf: { retrievers: [{}, ...retrievers.slice(1)] },
    });
    expect(report.translated).toHaveLength(1);
    expect(report.left).toEqual([
      { path: 'retriever.rrf.retrievers[1].retriever.linear', query: 'linear', reason: 'short-form' },
      { path: 'retriever.rrf.retrievers[2].knn', query: 'knn', reason: 'not-text' },
      { path: 'retriever.rrf.retrievers[3].later', query: 'later', reason: 'unknown-retriever' },
    ]);
    const alone = { retriever: { rrf: { query: 'quick fox' } } };
    expect(translated(alone)).toMatchObject({
      body: alone,
      report: { left: [{ path: 'retriever.rrf', query: 'rrf', reason: 'short-form' }], refused: [] },
    });
  });

  it.each([
    [{ sort: [{ date: 'desc' }] }, 'sorted'],
    [{ min_score: 2 }, 'min-score'],
  ])('asks a retriever with %j yes or no, wherever it stands', (part, reason) => {
    const standard = { standard: { query: match, ...part } };
    const plain = { standard: { query: match } };
    for (const retriever of [standard, { rrf: { retrievers: [standard, standard] } }])
      expect(translated({ retriever })).toMatchObject({ body: { retriever }, report: { translated: [] } });
    const { report } = translated({ retriever: { rrf: { retrievers: [standard, plain] } } });
    expect(report.left).toEqual([{ path: 'retriever.rrf.retrievers[0].standard.query.match', query: 'match', reason }]);
    expect(report.translated).toHaveLength(1);
  });

  it.each([['_score'], [[{ _score: 'desc' }, { date: 'asc' }]]])('translates a retriever sorted by %j', (sort) => {
    expect(translated({ retriever: { standard: { query: match, sort } } }).report.translated).toHaveLength(1);
  });

  it('that asks a vector already is left whole', () => {
    const body = { query: match, rescore: { window_size: 5, query: { rescore_query: sparse('fox', 'splade') } } };
    expect(translated(body)).toMatchObject({ body, report: { left: [{ reason: 'vector-already' }] } });
  });

  it('without a query stays as it is', () => {
    expect(translated({ size: 3 }).body).toEqual({ size: 3 });
  });
});

describe('an index that keeps passages', () => {
  const dialect = keptPassages(rankFeatures);
  const vectors = toyVectors(['quick fox', 'lazy dog']);
  /** A nested query of the best passage's score, whose inner hits have a name. */
  const nested = (text: string, name: string) => ({
    nested: {
      path: 'splade_title',
      query: sparse(text, 'splade_title.vector'),
      score_mode: 'max',
      inner_hits: { name, _source: ['splade_title.text'] },
    },
  });

  it('is asked by nested queries, each naming its passages otherwise, and once translated not again', () => {
    const body = { query: { bool: { should: [match, { match: { title: 'lazy dog' } }] } } };
    const once = translate(body, { plan, dialect }, vectors);
    expect(once.body).toEqual({
      query: { bool: { should: [nested('quick fox', 'splade_title'), nested('lazy dog', 'splade_title_2')] } },
    });
    const twice = translate(once.body, { plan, dialect }, vectors);
    expect(twice).toMatchObject({ body: once.body, report: { left: [{ reason: 'vector-already' }] } });
  });
});
