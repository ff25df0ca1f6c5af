import { VectorTally } from '../../../src/evaluate/statistics/vector-statistics.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

function tallyOf(...vectors: Record<string, number>[]) {
  const tally = new VectorTally();
  for (const vector of vectors) tally.add(vector);
  return tally;
}

describe('statistics of vectors', () => {
  const vectors: Record<string, number>[] = [{ a: 1, b: 3 }, { a: 1 }, { a: 1, c: 2 }, {}];

  it('count entries, posting lists and weight', () => {
    const { nonZeros, postings, terms, empty, heaviest } = tallyOf(...vectors).statistics();
    expect(nonZeros).toMatchObject({ mean: 5 / 4, most: 2 });
    expect(postings).toMatchObject({ mean: 5 / 3, p50: 1, most: 3 });
    expect({ terms, empty }).toEqual({ terms: 3, empty: 1 });
    expect(heaviest.map(({ token, share }) => [token, share])).toEqual([
      ['a', 3 / 8],
      ['b', 3 / 8],
      ['c', 2 / 8],
    ]);
  });

  it('expect as many multiplications as pairs of a query and a document have on average', () => {
    const tally = tallyOf(...vectors);
    const queries = [['a', 'b'], ['c', 'x'], ['a']];
    for (const query of queries) tally.addQuery(query);
    const shared = queries.flatMap((query) => vectors.map((vector) => query.filter((token) => token in vector).length));
    expect(tally.statistics().flops).toBeCloseTo(shared.reduce((sum, count) => sum + count, 0) / shared.length, 12);
  });

  it('name first what is in all documents with the same weight', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ same: 1, other: 1 + (i % 5) }));
    const { costliest, flags } = tallyOf(...many).statistics();
    expect(costliest.map(({ token }) => token)).toEqual(['same', 'other']);
    expect(costliest[0]!.deviation).toBe(0);
    expect(flags).toContain('2 terms are in every vector: they cost and decide little');
  });

  it('flag weights that look cut off, and nothing where nothing is wrong', () => {
    const cut = Array.from({ length: 50 }, (_, i) => ({ [`t${i}`]: i % 2 ? 3 : i / 50 }));
    expect(tallyOf(...cut).statistics().flags).toEqual([
      '25 of 50 weights are exactly the largest, 3: they look cut off',
    ]);
    expect(tallyOf({ a: 1, b: 2 }, { c: 1.5 }).statistics().flags).toEqual([]);
  });

  it('flag negative weights', () => {
    expect(tallyOf({ a: -1, b: 2 }, { a: 1 }).statistics().flags).toContain(
      '1 of 3 weights are negative: no engine takes them',
    );
  });

  it('flag empty vectors, and call nothing a number that is none', () => {
    const { flags, heaviest, flops } = tallyOf({ a: 0 }, {}).statistics();
    expect(flags).toEqual(['1 of 2 vectors are empty: no sparse query finds them']);
    expect({ flops, share: heaviest[0]!.share }).toEqual({ flops: 0.25, share: 0 });
  });

  it('flag terms that a model does not know and texts that it cuts, where they are told of', () => {
    const tally = tallyOf({ a: 1 }, { x: 2 });
    const beside = { vocabulary: new Vocabulary(['a', 'b', 'c', 'c']), texts: { drawn: 2, cut: 1 } };
    const { vocabulary, flags } = tally.statistics(beside);
    expect(vocabulary).toEqual({ size: 3, unused: 2, foreign: 1 });
    expect(flags).toEqual([
      "1 terms are not in the model's vocabulary: no query of it has them",
      '1 of 2 documents drawn are longer than the model takes: their ends are in no vector',
    ]);
    const { vocabulary: unknown, texts, flags: without } = tally.statistics();
    expect({ unknown, texts, without }).toEqual({ unknown: undefined, texts: undefined, without: [] });
  });
});
