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
    search: async () => ({ hits: [{ id: 'a', index: 'books', score: 1, source, raw: {} }], tookMs: 1, raw: {} }),
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

describe('an index that is asked by its name', () => {
  /** What was asked of an engine whose searches find so many documents of an index. */
  async function asking(hitsIn: readonly (string | undefined)[]) {
    const asked: string[] = [];
    const [standing] = hitsIn;
    const engine = {
      version: engineVersion('opensearch', '3.8.0'),
      describeIndex: async () => {
        asked.push('describe');
        return { name: standing, aliases: ['books'], settings: {}, mappings };
      },
      search: async () => {
        asked.push('search');
        const index = hitsIn[asked.filter((one) => one === 'search').length - 1];
        return { hits: index === undefined ? [] : [{ id: 'a', index, score: 1, raw: {} }], tookMs: 1, raw: {} };
      },
    };
    const index = await SparseIndex.open(engine as unknown as Engine, 'books');
    return { asked, search: () => index.search(toyVector('fox')) };
  }

  it('takes one request a search', async () => {
    const { asked, search } = await asking(['books-1', 'books-1', 'books-1']);
    for (let i = 0; i < 3; i++) await search();
    expect(asked).toEqual(['describe', 'search', 'search', 'search']);
  });

  it('is looked at once more where an answer has no hits, or those of another index', async () => {
    const { asked, search } = await asking(['books-1', undefined, 'books-2', 'books-1']);
    for (let i = 0; i < 3; i++) await search();
    expect(asked).toEqual(['describe', 'search', 'search', 'describe', 'search', 'describe', 'search']);
  });

  it('is given up where it never stands still', async () => {
    const { search } = await asking(['books-1', ...Array(9).fill('books-2')]);
    await search();
    await expect(search()).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  });
});
