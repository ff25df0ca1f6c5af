import fc from 'fast-check';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { dotProduct } from '../../../src/sparse/dot-product.js';
import { truncateToNineBits } from '../../../src/sparse/precision.js';
import { compareRanking } from '../../../src/verify/compare-ranking.js';
import { referenceScorer } from '../../../src/verify/reference-scorer.js';
import { vectors } from '../../support/vectors.js';

const collections = fc.array(vectors(), { minLength: 1, maxLength: 40 });
const top = fc.integer({ min: 1, max: 12 });

function reference(
  documents: readonly Record<string, number>[],
  features: readonly { name: string; weight: number }[],
  k: number,
) {
  const watch = documents.map((_, i) => `d${i}`);
  const scorer = referenceScorer([{ features, watch }], { dialect: rankFeatures, top: k });
  for (const [i, vector] of documents.entries()) scorer.add(`d${i}`, vector);
  return scorer.rankings()[0]!;
}

describe('the reference scorer', () => {
  it('is the dot product of what is stored', () => {
    fc.assert(
      fc.property(collections, vectors(), (documents, query) => {
        const { features } = sparseQuery(query, { dialect: rankFeatures, field: 'v' });
        const { watched } = reference(
          documents.map((vector) => storedFeatures(vector, rankFeatures)),
          features,
          5,
        );
        documents.forEach((vector, i) => {
          const stored = vector.mapWeights((weight) => truncateToNineBits(rankFeatures.sendable(weight)));
          const exact = dotProduct(query, stored);
          expect(Math.abs((watched.get(`d${i}`)?.score ?? 0) - exact)).toBeLessThanOrEqual(exact * 2 ** -22);
        });
      }),
    );
  });

  it('agrees with a full sort, and with itself', () => {
    fc.assert(
      fc.property(collections, vectors(), top, (documents, query, k) => {
        const { features } = sparseQuery(query, { dialect: rankFeatures, field: 'v' });
        const ranking = reference(
          documents.map((vector) => storedFeatures(vector, rankFeatures)),
          features,
          k,
        );
        const sorted = [...ranking.watched].sort(([a, x], [b, y]) => y.score - x.score || (a < b ? -1 : 1)).slice(0, k);
        expect(ranking.best.map(({ id }) => id)).toEqual(sorted.map(([id]) => id));
        const returned = ranking.best.map(({ id, expected }) => ({ id, score: expected.score }));
        expect(compareRanking(returned, ranking, k)).toMatchObject({ disagreements: [], maxUlp: 0 });
      }),
    );
  });

  it('finds each way of being wrong', () => {
    fc.assert(
      fc.property(collections, vectors({ minLength: 5 }), fc.nat(), (documents, query, pick) => {
        const { features } = sparseQuery(query, { dialect: rankFeatures, field: 'v' });
        const ranking = reference(
          documents.map((vector) => storedFeatures(vector, rankFeatures)),
          features,
          10,
        );
        fc.pre(ranking.best.length >= 2);
        const right = ranking.best.map(({ id, expected }) => ({ id, score: expected.score }));
        const at = pick % right.length;
        const kinds = (answer: typeof right) =>
          compareRanking(answer, ranking, 10).disagreements.map(({ kind }) => kind);
        expect(kinds(right.toSpliced(at, 1))).toContain('missing');
        expect(kinds(right.with(at, { ...right[at]!, score: right[at]!.score * 1.001 }))).toContain('score');
        expect(kinds(right.with(at, { id: 'stranger', score: right[at]!.score }))).toContain('unexpected');
        if (right[0]!.score > right.at(-1)!.score) expect(kinds(right.toReversed())).toContain('order');
      }),
    );
  });

  it('gives a document of several passages what its best one has alone, bounds and all', () => {
    fc.assert(
      fc.property(collections, vectors(), (passages, query) => {
        const { features } = sparseQuery(query, { dialect: rankFeatures, field: 'v' });
        const stored = passages.map((vector) => storedFeatures(vector, rankFeatures));
        const alone = [...reference(stored, features, 5).watched.values()];
        const scorer = referenceScorer([{ features, watch: ['d'] }], { dialect: rankFeatures, top: 5 });
        scorer.add('d', ...stored);
        const [ranking] = scorer.rankings();
        expect(scorer.documents).toBe(1);
        expect(ranking!.matching).toBe(Math.min(1, alone.length));
        if (alone.length === 0) return;
        const most = (of: 'score' | 'lowest' | 'highest') => Math.max(...alone.map((expected) => expected[of]));
        expect(ranking!.watched.get('d')).toEqual({
          score: most('score'),
          lowest: most('lowest'),
          highest: most('highest'),
        });
      }),
    );
  });
});
