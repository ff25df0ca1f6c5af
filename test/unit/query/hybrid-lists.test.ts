import fc from 'fast-check';
import { normalisedSum, rrf } from '../../../src/query/strategies/fusion.js';
import { HybridLists } from '../../../src/query/strategies/hybrid-lists.js';
import { joinedPage } from '../../../src/query/strategies/joined-page.js';

const list = fc
  .uniqueArray(fc.nat(40), { maxLength: 30 })
  .chain((ids) =>
    fc
      .array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: ids.length, maxLength: ids.length })
      .map((scores) => [ids, scores] as const),
  )
  .map(([ids, scores]) => {
    const falling = [...scores].sort((a, b) => b - a);
    return {
      hits: {
        total: { value: ids.length, relation: 'eq' },
        hits: ids.map((id, i) => ({ _id: `d${id}`, _score: falling[i]! })),
      },
    };
  });
const fusion = fc.oneof(fc.nat(100).map(rrf), fc.double({ min: 0, max: 1, noNaN: true }).map(normalisedSum));

function listsOf(body: Record<string, unknown>, joined = rrf()): HybridLists {
  const paged = joinedPage(body, 30);
  if ('refused' in paged) throw new Error(paged.refused);
  return new HybridLists({ query: { match: { title: 'fox' } }, ...body }, { match_all: {} }, joined, paged.page);
}

it('pages neither overlap nor miss, however they are cut', () => {
  fc.assert(
    fc.property(list, list, fusion, fc.integer({ min: 1, max: 9 }), (lexical, sparse, joined, size) => {
      const all = listsOf({ size: 100 }, joined).join(lexical, sparse).hits.hits;
      const pages = [];
      for (let from = 0; from + size <= 30; from += size) {
        pages.push(...listsOf({ from, size }, joined).join(lexical, sparse).hits.hits);
      }
      expect(pages).toEqual(all.slice(0, 30 - (30 % size)));
      const found = [lexical, sparse].flatMap(({ hits }) => hits.hits.map(({ _id }) => _id));
      expect(all.map(({ _id }) => _id).sort()).toEqual([...new Set(found)].sort());
      const scores = all.map(({ _score }) => _score!);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }),
  );
});

it('asks both lists for the same window, and aggregations once', () => {
  const { lexical, sparse } = listsOf({
    from: 20,
    size: 5,
    aggs: { tags: {} },
    highlight: { fields: {} },
    _source: ['a'],
  });
  expect(lexical).toMatchObject({ from: 0, size: 30, aggs: { tags: {} }, _source: ['a'] });
  expect(sparse).toEqual({
    from: 0,
    size: 30,
    query: { match_all: {} },
    highlight: { fields: {}, highlight_query: { match: { title: 'fox' } } },
    _source: ['a'],
    track_total_hits: false,
  });
});

it('keeps what the lexical list says beside its hits, and counts what was found at least', () => {
  const hit = (id: string) => ({ _id: id, _index: 'i', _score: 1, highlight: id });
  const lexical = {
    took: 3,
    aggregations: { tags: 1 },
    hits: { total: { value: 1, relation: 'eq' }, hits: [hit('a')] },
  };
  const sparse = { took: 5, hits: { hits: [hit('a'), hit('b')] } };
  expect(listsOf({}).join(lexical, sparse)).toEqual({
    took: 5,
    aggregations: { tags: 1 },
    hits: {
      total: { value: 2, relation: 'gte' },
      max_score: 2 / 61,
      hits: [
        { ...hit('a'), _score: 2 / 61 },
        { ...hit('b'), _score: 1 / 62 },
      ],
    },
  });
});

it('takes one id under two routings for two documents', () => {
  const hits = ['red', 'blue'].map((_routing) => ({ _id: 'a', _index: 'i', _routing, _score: 1 }));
  const list = { hits: { hits } };
  const joined = listsOf({}).join(list, list).hits.hits;
  expect(joined.map(({ _routing }) => _routing)).toEqual(['red', 'blue']);
});

it('widens the lists for a large page, and refuses a page that reaches past them', () => {
  expect(listsOf({ size: 40 }).lexical).toMatchObject({ from: 0, size: 40 });
  for (const page of [{ from: 25, size: 10 }, { from: 30 }, { from: 40, size: 40 }]) {
    expect(joinedPage(page, 30)).toEqual({ refused: expect.stringMatching(/reach past the \d+ documents/) });
  }
});
