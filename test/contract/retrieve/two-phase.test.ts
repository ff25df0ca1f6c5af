import fc from 'fast-check';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { buildCeilings } from '../../../src/retrieve/two-phase/build-ceilings.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { indexVectors } from '../../support/vector-index.js';
import { awkwardVocabulary, vectors } from '../../support/vectors.js';

const SEED = 20_261;
const DOCUMENTS = 2_000;
const QUERIES = 100;

onEveryConnectedEngine('a search in two phases', (engine) => {
  let index: SparseIndex;
  beforeAll(async () => {
    const documents = fc.sample(vectors({ minLength: 4, maxLength: 30 }), { numRuns: DOCUMENTS, seed: SEED });
    const made = await indexVectors(engine(), documents);
    index = await SparseIndex.open(engine(), made.index);
  }, 120_000);

  it('knows nothing without ceilings, and says so', async () => {
    const [query] = fc.sample(vectors({ minLength: 12 }), { numRuns: 1, seed: SEED });
    const { certificate } = await index.search(query!, { twoPhase: true });
    expect(certificate).toMatchObject({ exact: false, reason: 'no-ceilings' });
  });

  it(`is the full search wherever it is certified (${QUERIES} queries)`, async () => {
    const { weights } = await buildCeilings(index, awkwardVocabulary);
    expect(Math.max(...weights)).toBeGreaterThan(3.9);
    const queries = fc.sample(vectors({ minLength: 6 }), { numRuns: QUERIES, seed: SEED });
    const seen = { certified: 0, lightly: 0 };
    for (const query of queries) {
      const { hits, certificate } = await index.search(query, { twoPhase: { lightShare: 0.2, budget: DOCUMENTS } });
      if (!certificate!.exact) continue;
      seen.certified++;
      seen.lightly += Number(certificate!.heavyTerms < query.size);
      const full = await index.search(query);
      expect(hits.map(({ id }) => id)).toEqual(full.hits.map(({ id }) => id));
      for (const [i, { score }] of hits.entries()) expectNear(score, full.hits[i]!.score);
    }
    expect(seen.certified).toBe(QUERIES);
    expect(seen.lightly).toBeGreaterThan(QUERIES / 3);
  }, 180_000);

  it('is certified no more once anything was written', async () => {
    const [query] = fc.sample(vectors({ minLength: 25 }), { numRuns: 1, seed: SEED });
    const reason = async () =>
      (await index.search(query!, { twoPhase: { lightShare: 0.5, budget: 50 } })).certificate!.reason;
    expect(await reason()).not.toBe('ceilings-outdated');
    await engine().bulk(index.name, [{ kind: 'delete', id: 'd0' }]);
    expect(await reason()).toBe('ceilings-outdated');
  });
});

/** Two sums of the same products in another order: see expected-score.ts. */
function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(expected * 2 ** -23);
}
