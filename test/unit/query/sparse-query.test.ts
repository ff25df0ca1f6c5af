import { engineVersion } from '../../../src/dialect/engine-version.js';
import { esSparseVector } from '../../../src/dialect/es-sparse-vector.js';
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
});
