import fc from 'fast-check';
import { homeFolder } from '../../../src/cli/settings.js';
import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import { twoPhasePipeline } from '../../../src/dialect/os-neural-sparse.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { fusionOf } from '../../../src/engine/fusion-of.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { besideAQuery } from '../../support/search-bodies.js';
import { searchedIndex } from '../../support/searched-index.js';
import { toyVectors } from '../../support/toy-encoder.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';
import { awkwardVocabulary, vectors } from '../../support/vectors.js';

/** The newest OpenSearch whose neural-search plug-in is published beside it: once, where any OpenSearch is tested. */
const VERSION = '3.6.0';

onEveryEngine(
  `neural_sparse (OpenSearch ${VERSION} with neural-search) beside`,
  () => {
    let sandbox: Sandbox;
    let engine: Engine;
    let index: SparseIndex;
    beforeAll(async () => {
      sandbox = await startSandbox({ engine: 'opensearch', version: VERSION, via: 'java', home: homeFolder() });
      engine = await connect(sandbox.url);
      const documents = fc.sample(vectors({ minLength: 1 }), { numRuns: 300, seed: 7 });
      const made = await indexVectors(engine, documents, undefined, 'os-neural-sparse');
      index = await SparseIndex.open(engine, made.index);
    }, STARTS_ENGINES_MS);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await sandbox?.stop();
    });

    const top = async (query: object) =>
      (await engine.search(index.name, { query, size: 50, _source: false })).hits.map(({ id, score }) => ({
        id,
        score,
      }));

    it('is what the index of its plan is asked by', () => {
      expect(index.dialect.name).toBe('os-neural-sparse');
      expect(Object.keys(index.query(SparseVector.fromTerms(awkwardVocabulary, { plain: 1 })).query)).toEqual([
        'neural_sparse',
      ]);
    });

    it('gives the scores of rank_feature clauses, to the bit, for every token and weights past 64', async () => {
      const queries = fc.sample(vectors({ minLength: 1 }), { numRuns: 60, seed: 8 });
      const scales = [1, 1, 20, 500, 40_000];
      for (const [i, drawn] of queries.entries()) {
        const query = drawn.mapWeights((weight) => weight * scales[i % scales.length]!);
        const clauses = sparseQuery(query, { dialect: rankFeatures, field: FIELD }).query;
        const found = await top(index.query(query).query);
        expect(found.length).toBeGreaterThan(0);
        expect(found).toEqual(await top(clauses));
      }
    });

    it('is refused by the engine above 64: why weights are rescaled', async () => {
      const query = index.dialect.query(FIELD, [{ name: 'plain', weight: 64.5 }]);
      await expect(engine.search(index.name, { query })).rejects.toMatchObject({ code: 'ENGINE_REFUSED' });
    });

    it("is understood by OpenSearch's two-phase processor", async () => {
      const [query] = fc.sample(vectors({ minLength: 20 }), { numRuns: 1, seed: 9 });
      const body = { query: index.query(query!).query, size: 10, _source: false };
      const { hits } = await engine.search(index.name, { ...body, ...twoPhasePipeline() });
      const all = new Map((await top(body.query)).map(({ id, score }) => [id, score]));
      expect(hits).toHaveLength(10);
      // What it finds has whole scores; what it misses is the approximation.
      for (const { id, score } of hits) if (all.has(id)) expect(score).toBeCloseTo(all.get(id)!, 4);
    });

    it('joins lists by the engine beside all that the translation lets stand', async () => {
      await using searched = await searchedIndex(sandbox.url);
      const parts = { ...besideAQuery, indices_boost: [{ [searched.index]: 2 }] };
      const options = { ...searched, strategy: hybrid({ by: 'query', window: 100 }) };
      const refused: string[] = [];
      for (const [key, part] of Object.entries(parts)) {
        const body = { query: { match: { title: 'quick lazy' } }, [key]: part };
        expect((await searched.send('_search', body)).status).toBe(200);
        const { body: joined, report } = translate(body, options, toyVectors(textsIn(body, options)));
        if (report.refused.length > 0) refused.push(key);
        else expect([key, (await searched.send('_search', joined)).status]).toEqual([key, 200]);
      }
      expect(refused).toEqual(['sort', 'collapse', 'rescore', 'indices_boost']);
    });

    it("would lose what a caller's pipeline filters, which is why it is refused", async () => {
      await using searched = await searchedIndex(sandbox.url);
      const request_processors = [{ filter_query: { query: { term: { tag: 'red' } } } }];
      const body = { query: { match: { title: 'quick lazy' } }, search_pipeline: { request_processors } };
      const options = { ...searched, strategy: hybrid({ by: 'query' }) };
      expect(translate(body, options, toyVectors(textsIn(body, options))).report.refused).toHaveLength(1);
      const pipeline = { index: { search: { default_pipeline: 'tenants' } } };
      const description = await engine.describeIndex(searched.index);
      expect(await fusionOf(engine, description)).toBe('query');
      expect(await fusionOf(engine, { ...description, settings: pipeline })).toBeUndefined();
    });

    it("asks hybrid by the engine's own fusion, in pages that neither overlap nor miss", async () => {
      expect(await fusionOf(engine)).toBe('query');
      await using searched = await searchedIndex(sandbox.url, (version) =>
        dialectForNewField(version, 'os-neural-sparse'),
      );
      const page = async (from: number, size: number) => {
        const body = { query: { match: { title: 'quick lazy' } }, from, size };
        const options = { ...searched, strategy: hybrid({ by: 'query', window: 40 }) };
        const translation = translate(body, options, toyVectors(textsIn(body, options)));
        expect(translation.report.translated).toHaveLength(1);
        const { hits } = await searched.engine.search(searched.index, translation.body);
        return hits.map(({ id }) => id);
      };
      const all = await page(0, 40);
      const paged = [...(await page(0, 7)), ...(await page(7, 7))];
      expect(paged).toEqual(all.slice(0, 14));
      expect(new Set(paged).size).toBe(14);
    });
  },
  ({ engine }) => engine === 'opensearch',
);
