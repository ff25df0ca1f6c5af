import fc from 'fast-check';

/** An index that every clause of {@link searchBodies} can be asked of. */
export const searchedProperties = {
  title: { type: 'text' },
  body: { type: 'text' },
  tag: { type: 'keyword' },
  year: { type: 'integer' },
  date: { type: 'date' },
  place: { type: 'geo_point' },
  comments: { type: 'nested', properties: { text: { type: 'text' }, stars: { type: 'integer' } } },
  kind: { type: 'join', relations: { question: 'answer' } },
  suggestion: { type: 'completion' },
};

const WORDS = ['quick', 'brown', 'fox', 'lazy', 'dog', 'red', 'blue', 'sea', 'ship', 'state-of-the-art', 'über', '東'];

/** Documents for {@link searchedProperties}: all words fall often enough that most searches find some. */
export function searchedDocument(n: number): Record<string, unknown> {
  const word = (step: number) => WORDS[(n * step + step) % WORDS.length]!;
  return {
    title: `${word(1)} ${word(5)}`,
    body: `${word(7)} ${word(3)} ${word(2)} ${word(11)}`,
    tag: n % 3 === 0 ? 'red' : 'blue',
    year: 1990 + (n % 30),
    date: `20${String(10 + (n % 10))}-01-15`,
    place: { lat: 40 + (n % 7), lon: -70 - (n % 5) },
    comments: [{ text: `${word(5)} comment`, stars: n % 5 }],
    kind: 'question',
    suggestion: word(1),
  };
}

const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
const textField = fc.constantFrom('title', 'body', 'tag');
const boost = fc.constantFrom(0.5, 1, 2);

function given(options: Record<string, fc.Arbitrary<unknown>>, required: Record<string, fc.Arbitrary<unknown>> = {}) {
  return fc.record({ ...required, ...options }, { requiredKeys: Object.keys(required) });
}

const named = { boost, _name: fc.constantFrom('a', 'b') };
const demands = {
  operator: fc.constantFrom('or', 'and', 'AND'),
  minimum_should_match: fc.constantFrom(1, 2, '75%', '-1'),
};
const fieldList = fc.uniqueArray(fc.constantFrom('title', 'body^2', 'tag', 'title^3.5', 'comments.text'), {
  minLength: 1,
  maxLength: 3,
});

const match = fc
  .tuple(
    textField,
    fc.oneof(words, given({ ...named, ...demands, fuzziness: fc.constantFrom('AUTO', 1) }, { query: words })),
  )
  .map(([field, options]) => ({ match: { [field]: options } }));

const phrase = fc
  .tuple(
    fc.constantFrom('match_phrase', 'match_phrase_prefix'),
    fc.constantFrom('title', 'body'),
    given({ ...named, slop: fc.nat(2) }, { query: words }),
  )
  .map(([name, field, options]) => ({ [name]: { [field]: options } }));

const multiMatch = given(
  {
    ...named,
    ...demands,
    type: fc.constantFrom('best_fields', 'most_fields', 'cross_fields', 'phrase'),
    tie_breaker: fc.constantFrom(0, 0.3, 1),
  },
  { query: words, fields: fieldList },
).map((body) => ({ multi_match: body }));

const queryString = fc
  .tuple(
    fc.constantFrom('query_string', 'simple_query_string'),
    given(
      { boost, default_operator: fc.constantFrom('OR', 'AND'), minimum_should_match: fc.constantFrom(1, '50%') },
      {
        query: fc.oneof(words, fc.constantFrom('quick AND fox', '+quick -dog', '"quick fox"', 'qu*')),
        fields: fieldList,
      },
    ),
  )
  .map(([name, body]) => ({ [name]: body }));

const exact: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.constantFrom('red', 'blue').map((tag) => ({ term: { tag } })),
  fc.constant({ terms: { tag: ['red', 'blue'] } }),
  fc.integer({ min: 1990, max: 2020 }).map((gte) => ({ range: { year: { gte } } })),
  fc.constantFrom('tag', 'title', 'nowhere').map((field) => ({ exists: { field } })),
  fc.constant({ match_all: {} }),
  fc.constant({ match_none: {} }),
  fc.constant({ ids: { values: ['d1', 'd2', 'd3'] } }),
  fc.constant({ prefix: { title: { value: 'qui' } } }),
  fc.constant({ wildcard: { title: 'q*k' } }),
  fc.constant({ fuzzy: { title: 'quikc' } }),
  fc.constant({ geo_distance: { distance: '500km', place: { lat: 41, lon: -71 } } }),
  fc.constant({
    span_near: { clauses: [{ span_term: { title: 'quick' } }, { span_term: { title: 'fox' } }], slop: 3 },
  }),
  fc.constant({ distance_feature: { field: 'date', pivot: '700d', origin: '2015-01-01' } }),
);

const leaf = fc.oneof(
  { weight: 4, arbitrary: match },
  { weight: 2, arbitrary: multiMatch },
  { weight: 1, arbitrary: phrase },
  { weight: 1, arbitrary: queryString },
  { weight: 3, arbitrary: exact },
);

/** Queries of every compound type over every leaf, nested to a depth. */
export function searchQueries(depth = 6): fc.Arbitrary<Record<string, unknown>> {
  const { query } = fc.letrec<{ query: Record<string, unknown>; compound: Record<string, unknown> }>((tie) => {
    const inner = tie('query');
    const some = fc.oneof(fc.array(inner, { maxLength: 3 }), inner);
    const list = fc.array(inner, { minLength: 1, maxLength: 3 });
    return {
      query: fc.oneof({ maxDepth: depth, depthIdentifier: 'query' }, leaf, tie('compound')),
      compound: fc.oneof(
        {
          weight: 5,
          arbitrary: given({
            must: some,
            should: some,
            filter: some,
            must_not: some,
            minimum_should_match: fc.constantFrom(0, 1, '50%'),
            ...named,
          }).map((bool) => ({ bool })),
        },
        given({ tie_breaker: fc.constantFrom(0, 0.5) }, { queries: list }).map((body) => ({ dis_max: body })),
        given({ boost }, { filter: inner }).map((body) => ({ constant_score: body })),
        given({}, { positive: inner, negative: inner, negative_boost: fc.constantFrom(0.2, 0.9) }).map((body) => ({
          boosting: body,
        })),
        given(
          {
            boost_mode: fc.constantFrom('multiply', 'sum'),
            functions: fc.array(given({ filter: inner }, { weight: fc.constantFrom(1, 3) }), { maxLength: 2 }),
          },
          { query: inner },
        ).map((body) => ({ function_score: body })),
        given(
          { score_mode: fc.constantFrom('avg', 'max', 'none') },
          { path: fc.constant('comments'), query: inner },
        ).map((body) => ({ nested: body })),
        given({ score_mode: fc.constantFrom('none', 'max') }, { type: fc.constant('answer'), query: inner }).map(
          (body) => ({ has_child: body }),
        ),
      ),
    };
  });
  return query;
}

const AGGREGATIONS = {
  tags: { terms: { field: 'tag' } },
  reds: { filter: { match: { title: 'quick' } }, aggs: { years: { histogram: { field: 'year', interval: 10 } } } },
};

const sections = {
  size: fc.constantFrom(0, 3, 10),
  from: fc.constantFrom(0, 5),
  aggs: fc.constant(AGGREGATIONS),
  post_filter: exact,
  highlight: fc.constant({ fields: { title: {}, body: {} } }),
  sort: fc.constantFrom('_score', ['_score'], [{ year: 'desc' }], [{ _score: 'desc' }, { year: 'asc' }]),
  min_score: fc.constant(0.1),
  track_total_hits: fc.boolean(),
  collapse: fc.constant({ field: 'tag' }),
  explain: fc.boolean(),
  suggest: fc.constant({ fix: { text: 'quikc', term: { field: 'title' } } }),
};

/** One of each part that a body may have beside its query, of those that any build of an engine takes beside a match. */
export const besideAQuery: Readonly<Record<string, unknown>> = {
  size: 120,
  from: 10,
  aggs: AGGREGATIONS,
  post_filter: { term: { tag: 'red' } },
  highlight: { fields: { title: {}, body: {} } },
  sort: ['_score', { year: 'desc' }],
  track_total_hits: true,
  collapse: { field: 'tag' },
  explain: true,
  profile: true,
  version: true,
  timeout: '10s',
  terminate_after: 20,
  _source: ['title'],
  docvalue_fields: ['year'],
  suggest: { fix: { text: 'quikc', term: { field: 'title' } } },
  rescore: { window_size: 10, query: { rescore_query: { match: { title: 'quick' } } } },
};

/** Search bodies over {@link searchQueries}, each with up to three other sections. */
export function searchBodies(depth = 6): fc.Arbitrary<Record<string, unknown>> {
  const rescore = leaf.map((rescore_query) => ({ window_size: 10, query: { rescore_query } }));
  const chosen = fc.subarray(Object.keys(sections) as (keyof typeof sections)[], { maxLength: 3 });
  const plain = fc.tuple(searchQueries(depth), chosen, fc.record(sections)).map(([query, keys, all]) => {
    return { query, ...Object.fromEntries(keys.map((key) => [key, all[key]])) };
  });
  const rescored = given(
    { highlight: sections.highlight, aggs: sections.aggs },
    { query: searchQueries(depth), rescore },
  );
  return fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: rescored });
}
