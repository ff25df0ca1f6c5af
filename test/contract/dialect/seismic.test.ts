import fc from 'fast-check';
import { homeFolder } from '../../../src/cli/settings.js';
import type { Dialect } from '../../../src/dialect/dialect.js';
import { inSteps, largestWeight, osSeismic } from '../../../src/dialect/os-seismic.js';
import { seismicSlots } from '../../../src/dialect/seismic-slots.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { dotProduct } from '../../../src/sparse/dot-product.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { searchedIndex } from '../../support/searched-index.js';
import { toyVectors, toyVocabulary } from '../../support/toy-encoder.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';
import { awkwardVocabulary, vectors } from '../../support/vectors.js';

/** The newest OpenSearch whose k-NN and neural-search plug-ins are published beside it: once, where any OpenSearch is tested. */
const VERSION = '3.6.0';
const DOCUMENTS = 400;
const QUERIES = 60;
const SIZE = 10;

onEveryEngine(
  `a SEISMIC field (OpenSearch ${VERSION} with k-NN and neural-search) beside`,
  () => {
    // One whose weights all round to nothing is no document of this field: see below.
    const documents = fc
      .sample(vectors({ minLength: 1 }), { numRuns: DOCUMENTS, seed: 11 })
      .filter(({ weights }) => weights.some((weight) => weight > 0.01));
    const queries = fc.sample(vectors({ minLength: 1 }), { numRuns: QUERIES, seed: 12 });
    const ceilings = { document: largestWeight(documents), query: largestWeight(queries) };
    const slots = seismicSlots(awkwardVocabulary);
    /** All segments clustered, every term visited: what is missed is missed by the clusters. */
    const clustered = osSeismic({
      ...{ slots, ceilings, approximateFrom: 1, findingTerms: 100, found: DOCUMENTS, postings: DOCUMENTS },
      heapFactor: 10,
    });
    let sandbox: Sandbox;
    let engine: Engine;
    beforeAll(async () => {
      sandbox = await startSandbox({ engine: 'opensearch', version: VERSION, via: 'java', home: homeFolder() });
      engine = await connect(sandbox.url);
    }, STARTS_ENGINES_MS);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await sandbox?.stop();
    });

    const found = async (index: string, dialect: Dialect, vector: SparseVector, size = SIZE) => {
      const { query } = sparseQuery(vector, { dialect, field: FIELD });
      return (await engine.search(index, { query, size, _source: false })).hits;
    };

    it('scores by the dot product of weights in 255 steps, and finds nearly all of the best', async () => {
      const { index } = await indexVectors(engine, documents, undefined, clustered);
      const stepped = documents.map((vector) => vector.mapWeights((weight) => inSteps(weight, ceilings.document)));
      let shared = 0;
      let best = 0;
      for (const drawn of queries) {
        const query = drawn.mapWeights((weight) => inSteps(weight, ceilings.query));
        const scores = stepped.map((document) => dotProduct(query, document));
        const hits = await found(index, clustered, drawn);
        for (const { id, score } of hits) {
          const expected = scores[Number(id.slice(1))]!;
          expect(Math.abs(score! - expected)).toBeLessThanOrEqual(expected * 2 ** -20);
        }
        const last = [...scores].sort((a, b) => b - a)[SIZE - 1]!;
        shared += hits.filter(({ score }) => score! >= last * (1 - 2 ** -20)).length;
        best += Math.min(SIZE, scores.filter((score) => score > 0).length);
      }
      expect(shared / best).toBeGreaterThan(0.95);
    }, 120_000);

    it('takes no token for another', async () => {
      const every = awkwardVocabulary.tokens.map((token) => SparseVector.fromTerms(awkwardVocabulary, { [token]: 1 }));
      const { index } = await indexVectors(engine, every, undefined, clustered);
      for (const [i, vector] of every.entries())
        expect((await found(index, clustered, vector)).map(({ id }) => id)).toEqual([`d${i}`]);
    }, 120_000);

    it('takes tokens of ids past 32,767 by their slots; by their ids the engine fails', async () => {
      const large = new Vocabulary(Array.from({ length: 70_000 }, (_, id) => `t${id}`));
      const pair = [5, 5 + 32_768].map((id) => SparseVector.fromTerms(large, { [`t${id}`]: 1 }));
      const asking = async (names: typeof slots) => {
        const options = { slots: names, ceilings: { document: 1, query: 1 }, approximateFrom: 1, postings: 10 };
        const dialect = osSeismic(options);
        const { index } = await indexVectors(engine, pair, undefined, dialect);
        return async (query: SparseVector) => (await found(index, dialect, query)).map(({ id }) => id);
      };
      const byId = await asking({ nameOf: (token) => token.slice(1), tokenOf: (name) => `t${name}` });
      await expect(byId(pair[1]!)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
      const bySlot = await asking(
        seismicSlots(
          large,
          pair.flatMap(({ ids }) => [...ids]),
        ),
      );
      expect(await Promise.all(pair.map(bySlot))).toEqual([['d0'], ['d1']]);
    }, 60_000);

    it('rescales a query whose weights are above the ceiling, which would cut them off', async () => {
      const { index } = await indexVectors(engine, documents, undefined, clustered);
      const scores = async (vector: SparseVector) =>
        (await found(index, clustered, vector)).map(({ id, score }) => [id, score]);
      const [query] = queries;
      const heavy = (await scores(query!.mapWeights((weight) => weight * 8))) as [string, number][];
      expect(heavy).toEqual((await scores(query!)).map(([id, score]) => [id, (score as number) * 8]));
    }, 60_000);

    it('has no place for an empty vector beside others: why such a document must leave the field out', async () => {
      const { index } = await indexVectors(engine, documents.slice(0, 3), undefined, clustered);
      const write = (source: object) => engine.bulk(index, [{ kind: 'index', id: 'empty', source: { ...source } }]);
      expect((await write({ [FIELD]: {} }))[0]).toMatchObject({ ok: false, status: 400 });
      expect((await write({ text: 'nothing' }))[0]).toMatchObject({ ok: true });
    });

    it('is what a translated body asks', async () => {
      const dialect = osSeismic({ slots: seismicSlots(toyVocabulary), ceilings: { document: 4, query: 4 } });
      await using searched = await searchedIndex(sandbox.url, () => dialect);
      const body = {
        query: { bool: { must: [{ match: { title: 'quick lazy' } }], filter: [{ exists: { field: 'title' } }] } },
      };
      const { body: asked, report } = translate(body, searched, toyVectors(textsIn(body, searched)));
      expect(report.translated).toHaveLength(1);
      expect((await searched.engine.search(searched.index, asked)).hits.length).toBeGreaterThan(0);
    }, 60_000);
  },
  ({ engine }) => engine === 'opensearch',
);
