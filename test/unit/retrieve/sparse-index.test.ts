import { engineVersion } from '../../../src/dialect/engine-version.js';
import type { Engine } from '../../../src/engine/engine.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { toyVector } from '../../support/toy-encoder.js';

const from = { from: ['text'], pruning: 'none' };
const model = { id: 'toy', weights: '0', pooling: 'max', precision: 'float32', maxTokens: 256, compiler: 1 };
const vectors = { splade: from, other: from };
const termweave = { format: 1, model, vocabulary: 'f00d', dialect: 'rank-features', vectors };
const mappings = { _meta: { termweave }, properties: { splade: { type: 'rank_features' } } };

/** An index whose every search finds one document with this source. */
async function indexOf(source: object): Promise<SparseIndex> {
  const engine = {
    version: engineVersion('opensearch', '3.8.0'),
    describeIndex: async (name: string) => ({ name, aliases: [], settings: {}, mappings }),
    search: async () => ({ hits: [{ id: 'a', score: 1, source, raw: {} }], tookMs: 1, raw: {} }),
  };
  return SparseIndex.open(engine as unknown as Engine, 'books');
}

describe('a sparse search', () => {
  const query = toyVector('fox');
  const stored = Object.fromEntries(Array.from(query.terms(), ({ token, weight }) => [token, weight]));

  it('shows documents without any of their vectors', async () => {
    const index = await indexOf({ text: 'fox', splade: stored, other: stored });
    const { hits, vectorsHidden } = await index.search(query);
    expect(hits[0]!.source).toEqual({ text: 'fox' });
    expect(hits[0]!.terms).toHaveLength(query.size);
    expect(vectorsHidden).toBe(false);
  });

  it('says that it cannot tell terms where the vectors are left out of _source', async () => {
    const { vectorsHidden } = await (await indexOf({ text: 'fox' })).search(query);
    expect(vectorsHidden).toBe(true);
  });
});
