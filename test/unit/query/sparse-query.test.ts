import { engineVersion } from '../../../src/dialect/engine-version.js';
import { esSparseVector } from '../../../src/dialect/es-sparse-vector.js';
import { osNeuralSparse } from '../../../src/dialect/os-neural-sparse.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const vocabulary = new Vocabulary(['.', 'u.s', '__proto__', 'fox', ...Array.from({ length: 2000 }, (_, i) => `t${i}`)]);
const esDialect = esSparseVector(engineVersion('elasticsearch', '9.5.3'));

describe('a sparse query', () => {
  const vector = SparseVector.fromTerms(vocabulary, { '.': 0.5, 'u.s': 1, fox: 2 });

  it('is a should of linear clauses, heaviest first, dots escaped', () => {
    expect(sparseQuery(vector, { dialect: rankFeatures, field: 'v' }).query).toEqual({
      bool: {
        should: [
          { rank_feature: { field: 'v.fox', boost: 2, linear: {} } },
          { rank_feature: { field: 'v.u%2Es', boost: 1, linear: {} } },
          { rank_feature: { field: 'v.%2E', boost: 0.5, linear: {} } },
        ],
      },
    });
  });

  it('is a sparse_vector query that says prune: false', () => {
    expect(sparseQuery(vector, { dialect: esDialect, field: 'v' }).query).toEqual({
      sparse_vector: { field: 'v', query_vector: { fox: 2, 'u%2Es': 1, '%2E': 0.5 }, prune: false },
    });
  });

  it('carries a token that JavaScript would take for a prototype', () => {
    const terms = SparseVector.fromTerms(vocabulary, JSON.parse('{"__proto__": 1}'));
    expect(JSON.stringify(sparseQuery(terms, { dialect: esDialect, field: 'v' }).query)).toContain('"__proto__":1');
  });

  it('asks for nothing when there is nothing to ask', () => {
    const { query } = sparseQuery(SparseVector.empty(vocabulary), { dialect: rankFeatures, field: 'v' });
    expect(query).toEqual({ match_none: {} });
  });

  it('drops the lightest past the clause limit, and says which', () => {
    const many = SparseVector.fromTerms(
      vocabulary,
      Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`t${i}`, 1 + i])),
    );
    const { features, dropped } = sparseQuery(many, { dialect: rankFeatures, field: 'v' });
    expect(features).toHaveLength(1024);
    expect(dropped.map(({ token }) => token)).toEqual(Array.from({ length: 76 }, (_, i) => `t${75 - i}`));
  });

  it('is one clause of neural_sparse', () => {
    expect(sparseQuery(vector, { dialect: osNeuralSparse, field: 'v' }).query).toEqual({
      neural_sparse: { v: { query_tokens: { fox: 2, 'u%2Es': 1, '%2E': 0.5 } } },
    });
  });

  it.each([
    [64, 1],
    [64.5, 2],
    [128, 2],
    [300, 8],
    [70_000, 2048],
  ])(
    'whose heaviest weight is %d is divided by %d where the engine takes 64, and multiplied again',
    (heaviest, divisor) => {
      const { query, features } = sparseQuery(SparseVector.fromTerms(vocabulary, { fox: heaviest, t1: 0.3 }), {
        dialect: osNeuralSparse,
        field: 'v',
      });
      const query_tokens = { fox: heaviest / divisor, t1: Math.fround(0.3) / divisor };
      const neural_sparse = { v: { query_tokens } };
      expect(query).toEqual(
        divisor === 1 ? { neural_sparse } : { bool: { must: [{ neural_sparse }], boost: divisor } },
      );
      expect(features.map(({ weight }) => weight)).toEqual([heaviest, Math.fround(0.3)]);
    },
  );
});
