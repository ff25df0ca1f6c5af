import fc from 'fast-check';
import { connect } from '../../../src/engine/connect.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { buildCeilings } from '../../../src/retrieve/two-phase/build-ceilings.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { onEveryEngine } from '../../support/engines.js';
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
    const { certificate } = await index.search(query!, { twoPhase: { unproved: 'approximate' } });
    expect(certificate).toMatchObject({ exact: false, doubt: 'no-ceilings' });
  });

  it(`is the full search wherever it is certified (${QUERIES} queries)`, async () => {
    const { weights } = await buildCeilings(index, awkwardVocabulary);
    expect(Math.max(...weights)).toBeGreaterThan(3.9);
    const queries = fc.sample(vectors({ minLength: 6 }), { numRuns: QUERIES, seed: SEED });
    const seen = { bound: 0, fellBack: 0 };
    for (const query of queries) {
      const { hits, certificate } = await index.search(query, {
        twoPhase: { lightShare: 0.2, window: 200, mostHeavy: 1 },
      });
      expect(certificate!.exact).toBe(true);
      seen.bound += Number(certificate!.proof === 'bound');
      seen.fellBack += Number(certificate!.requests === 2);
      const full = await index.search(query);
      expect(hits.map(({ id, score }) => ({ id, score }))).toEqual(full.hits.map(({ id, score }) => ({ id, score })));
    }
    expect(seen.bound).toBeGreaterThan(QUERIES / 3);
    expect(seen.fellBack).toBeGreaterThan(0);
  }, 180_000);

  it('takes the largest pages that a search may have', async () => {
    const [query] = fc.sample(vectors({ minLength: 25 }), { numRuns: 1, seed: SEED });
    for (const size of [1001, 10_000]) {
      const { hits, certificate } = await index.search(query!, { size, twoPhase: { lightShare: 0.2, mostHeavy: 1 } });
      expect(certificate).toMatchObject({ exact: true });
      expect(certificate!.heavyTerms).toBeLessThan(query!.size);
      const full = await index.search(query!, { size });
      expect(hits.map(({ id, score }) => ({ id, score }))).toEqual(full.hits.map(({ id, score }) => ({ id, score })));
    }
  });

  it('is certified no more once anything was written', async () => {
    const [query] = fc.sample(vectors({ minLength: 25 }), { numRuns: 1, seed: SEED });
    const reason = async () =>
      (await index.search(query!, { twoPhase: { lightShare: 0.5, window: 50, mostHeavy: 1, unproved: 'approximate' } }))
        .certificate!.doubt;
    expect(await reason()).not.toBe('ceilings-outdated');
    await engine().bulk(index.name, [{ kind: 'delete', id: 'd0' }]);
    expect(await reason()).toBe('ceilings-outdated');
  });
});

onEveryEngine('ceilings built through an alias with a filter', ({ url }) => {
  it('are those of the whole index, which the table is kept for', async () => {
    await using engine = await connect(await url());
    const documents = fc.sample(vectors({ minLength: 4 }), { numRuns: 50, seed: SEED });
    const { index } = await indexVectors(engine, documents);
    const alias = `${index}-some`;
    const actions = [{ add: { index, alias, filter: { ids: { values: ['d0', 'd1'] } } } }];
    await engine.request({ method: 'POST', path: '/_aliases', body: { actions } });
    const ofAlias = await buildCeilings(await SparseIndex.open(engine, alias), awkwardVocabulary);
    expect(ofAlias).toEqual(await buildCeilings(await SparseIndex.open(engine, index), awkwardVocabulary));
    await engine.deleteIndex(index);
  });
});

onEveryEngine(
  'two phases on an index replicated by segments',
  ({ url }) => {
    it('prove nothing, and ask all terms', async () => {
      await using engine = await connect(await url());
      const documents = fc.sample(vectors({ minLength: 4 }), { numRuns: 50, seed: SEED });
      const settings = { index: { replication: { type: 'SEGMENT' } } };
      const made = await indexVectors(engine, documents, undefined, undefined, settings);
      const opened = await SparseIndex.open(engine, made.index);
      await expect(buildCeilings(opened, awkwardVocabulary)).rejects.toMatchObject({ code: 'CEILINGS_UNPROVABLE' });
      const [query] = fc.sample(vectors({ minLength: 12 }), { numRuns: 1, seed: SEED });
      const certificate = async (unproved: 'full' | 'approximate') =>
        (await opened.search(query!, { twoPhase: { unproved } })).certificate;
      expect(await certificate('full')).toMatchObject({ exact: true, proof: 'all-terms', doubt: 'copies-lag' });
      expect(await certificate('approximate')).toMatchObject({ exact: false, doubt: 'copies-lag' });
      await engine.deleteIndex(made.index);
    });
  },
  ({ engine }) => engine === 'opensearch',
);
