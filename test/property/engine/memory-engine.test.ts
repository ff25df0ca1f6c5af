import fc from 'fast-check';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Write } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { awkwardVocabulary, vectors } from '../../support/vectors.js';

const BODY = { mappings: { properties: { v: rankFeatures.field } } };
const ID_COUNT = 400;

const document = fc.record({ id: fc.nat(ID_COUNT), vector: vectors({ maxLength: 12 }), dies: fc.boolean() });
/** Batches of writes with searches between them: documents are replaced and deleted, and segments made and joined. */
const batches = fc.array(fc.array(document, { maxLength: 150 }), { minLength: 1, maxLength: 4 });

function writesOf(documents: readonly { id: number; vector: SparseVector; dies: boolean }[]): Write[] {
  return documents.map(({ id, vector, dies }, i) =>
    dies && i % 3 === 0
      ? { kind: 'delete', id: `d${id}` }
      : { kind: 'index', id: `d${id}`, source: { n: id, v: storedFeatures(vector, rankFeatures) } },
  );
}

/** The dot product as the engines make it, written out; order of equal scores: the document written first. */
function expected(state: ReadonlyMap<string, Record<string, number>>, query: SparseVector, k: number) {
  const { features } = sparseQuery(query, { dialect: rankFeatures, field: 'v' });
  const scored = [...state].flatMap(([id, stored]) => {
    const products = features.flatMap(({ name, weight }) =>
      Object.hasOwn(stored, name) ? [Math.fround(weight * stored[name]!)] : [],
    );
    return products.length === 0 ? [] : [{ id, score: Math.fround(products.reduce((sum, one) => sum + one, 0)) }];
  });
  const ranked = scored.map((one, age) => ({ ...one, age })).sort((a, b) => b.score - a.score || a.age - b.age);
  return { hits: ranked.slice(0, k).map(({ id, score }) => ({ id, score })), total: scored.length };
}

describe('the memory engine', () => {
  it('finds the largest dot products, to the bit, whatever was written, replaced and deleted before', async () => {
    await fc.assert(
      fc.asyncProperty(batches, vectors({ minLength: 1 }), fc.integer({ min: 0, max: 20 }), async (all, query, k) => {
        await using engine = new MemoryEngine();
        await engine.createIndex('i', BODY);
        const state = new Map<string, Record<string, number>>();
        for (const batch of all) {
          const writes = writesOf(batch);
          await engine.bulk('i', writes);
          for (const write of writes) {
            state.delete(write.id);
            if (write.kind === 'index') state.set(write.id, write.source.v as Record<string, number>);
          }
          const asked = sparseQuery(query, { dialect: rankFeatures, field: 'v' }).query;
          const counted = await engine.search('i', { query: asked, size: k });
          const pruned = await engine.search('i', { query: asked, size: k, track_total_hits: false });
          const { hits, total } = expected(state, query, k);
          expect(counted.hits.map(({ id, score }) => ({ id, score }))).toEqual(hits);
          expect(pruned.hits.map(({ id, score }) => ({ id, score }))).toEqual(hits);
          expect(counted.total).toBe(total);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same scores clause by clause, beside another clause', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(document, { maxLength: 100 }), vectors({ minLength: 1 }), async (documents, query) => {
        await using engine = new MemoryEngine();
        await engine.createIndex('i', BODY);
        await engine.bulk('i', writesOf(documents));
        const { bool } = sparseQuery(query, { dialect: rankFeatures, field: 'v' }).query as { bool: object };
        const alone = await engine.search('i', { query: { bool }, size: 50 });
        const beside = await engine.search('i', { query: { bool: { ...bool, must_not: [] } }, size: 50 });
        expect(beside.hits).toEqual(alone.hits);
      }),
      { numRuns: 60 },
    );
  });

  it('gives documents back as they were sent, weights of any precision included', async () => {
    const weights = fc.dictionary(fc.string(), fc.double({ min: 1e-30, max: 1e30, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(weights), async (sent) => {
        await using engine = new MemoryEngine();
        await engine.createIndex('i', BODY);
        await engine.bulk(
          'i',
          sent.map((v, i) => ({ kind: 'index', id: `${i}`, source: i % 2 ? { v, t: 'x' } : { t: 'y' } })),
        );
        const { hits } = await engine.search('i', { size: 100 });
        expect(hits.map(({ source }) => source)).toEqual(sent.map((v, i) => (i % 2 ? { v, t: 'x' } : { t: 'y' })));
      }),
    );
  });
});

describe('awkward tokens', () => {
  it('are found by the memory engine', async () => {
    await using engine = new MemoryEngine();
    await engine.createIndex('i', BODY);
    const ones = awkwardVocabulary.tokens.map((token) => SparseVector.fromTerms(awkwardVocabulary, { [token]: 1 }));
    await engine.bulk(
      'i',
      ones.map((vector, i) => ({ kind: 'index', id: `${i}`, source: { v: storedFeatures(vector, rankFeatures) } })),
    );
    for (const [i, vector] of ones.entries()) {
      const { query } = sparseQuery(vector, { dialect: rankFeatures, field: 'v' });
      const { hits } = await engine.search('i', { query });
      expect(hits.map(({ id }) => id)).toEqual([`${i}`]);
    }
  });
});
