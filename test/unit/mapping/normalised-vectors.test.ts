import { normalisedVectors } from '../../../src/mapping/normalised-vectors.js';

describe('the vectors that an engine normalises', () => {
  it('are those of cosine similarity, stated or by default, wherever they stand', () => {
    const properties = {
      usual: { type: 'dense_vector', dims: 3 },
      stated: { type: 'dense_vector', index: true, similarity: 'cosine' },
      dot: { type: 'dense_vector', similarity: 'dot_product' },
      stored: { type: 'dense_vector', index: false },
      sparse: { type: 'sparse_vector' },
      title: { type: 'text', fields: { raw: { type: 'keyword' } } },
      chunks: { type: 'nested', properties: { inner: { properties: { embedding: { type: 'dense_vector' } } } } },
    };
    expect(normalisedVectors({ properties })).toEqual(['usual', 'stated', 'chunks.inner.embedding']);
    expect(normalisedVectors({})).toEqual([]);
  });
});
