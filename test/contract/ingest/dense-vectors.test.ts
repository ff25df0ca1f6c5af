import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { type AddVectorsResult, addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { collect } from '../../support/collect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { CHECKED, run, sourcesOf } from '../../support/source-index.js';

const DOCUMENTS = 60;
const DIMENSIONS = 64;

/** Numbers of no short form, and of no length 1: what an engine that normalises them has to round. */
const embeddingOf = (i: number) => Array.from({ length: DIMENSIONS }, (_, j) => Math.fround(Math.sin(i * 97 + j) * 3));
const documentOf = (i: number) => ({
  embedding: embeddingOf(i),
  text: `some words ${i}`,
  unlike: embeddingOf(i + 1),
  chunks: [{ embedding: embeddingOf(i + 2), name: `n${i}` }, { name: 'without' }],
});

onEveryEngine(
  'an index that has dense vectors',
  ({ url }) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await connect(await url());
    }, 120_000);
    afterAll(() => engine?.[Symbol.asyncDispose]());

    async function filled(): Promise<string> {
      const index = freshName('dense');
      const dense = { type: 'dense_vector', dims: DIMENSIONS, index: true };
      const embedding = { ...dense, similarity: 'cosine' };
      const chunks = { type: 'nested', properties: { name: { type: 'keyword' }, embedding } };
      const properties = { text: { type: 'text' }, embedding, unlike: { ...dense, similarity: 'l2_norm' }, chunks };
      await engine.createIndex(index, { settings: { index: { number_of_replicas: 0 } }, mappings: { properties } });
      await write(index, [...Array(DOCUMENTS).keys()]);
      return index;
    }

    async function write(index: string, numbers: readonly number[], change: object = {}): Promise<void> {
      const kind = 'index' as const;
      const sources = numbers.map((i) => ({ kind, id: `d${i}`, source: { ...documentOf(i), ...change } }));
      expect((await engine.bulk(index, sources)).filter(({ ok }) => !ok)).toEqual([]);
      await engine.refresh(index);
    }

    async function add(index: string, encoder = hashingEncoder()) {
      const all = { encoder, textFields: ['text'] };
      for await (const report of addVectors(engine, index, all)) if (report.done) return report as AddVectorsResult;
      throw new Error('it ended without a result');
    }

    /** Documents as they are, with nothing of ours. */
    async function theirs(index: string) {
      const documents = await sourcesOf(engine, index);
      return new Map(
        [...documents].map(([id, { text, embedding, unlike, chunks }]) => [id, { text, embedding, unlike, chunks }]),
      );
    }

    it('is copied with them, and brought up to what changed alone', async () => {
      const [source, to] = [await filled(), freshName('copy')];
      const before = await theirs(source);
      expect(before.get('d7')!.embedding).toHaveLength(DIMENSIONS);
      expect(await run(engine, source, { to })).toMatchObject({ documents: DOCUMENTS, verified: true });
      expect(await theirs(to)).toEqual(before);
      const encoder = hashingEncoder();
      const unchanged = { added: 0, updated: 0, deleted: 0, unchanged: DOCUMENTS, failed: 0, kept: 0 };
      expect(await sync(engine, source, to, { encoder })).toEqual(unchanged);
      await write(source, [3], { embedding: embeddingOf(1000) });
      await write(source, [4], { text: 'other words' });
      await engine.bulk(source, [{ kind: 'delete', id: 'd5' }]);
      const changed = { added: 0, updated: 2, deleted: 1, unchanged: DOCUMENTS - 3, failed: 0, kept: 0 };
      expect(await sync(engine, source, to, { encoder })).toEqual(changed);
      expect(await theirs(to)).toEqual(await theirs(source));
    });

    it('keeps them when it gets vectors itself, the second time, too', async () => {
      const index = await filled();
      await add(index);
      await engine.bulk(index, [{ kind: 'update', id: 'd7', doc: { text: 'other words' } }]);
      const encoder = hashingEncoder();
      expect(await add(index, encoder)).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
      expect(encoder.encoded).toBe(1 + CHECKED);
      const documents = await theirs(index);
      expect(documents.get('d7')!.text).toBe('other words');
      for (let i = 0; i < DOCUMENTS; i++) {
        const { embedding, unlike, chunks } = documents.get(`d${i}`)! as unknown as ReturnType<typeof documentOf>;
        expectNear(embedding, embeddingOf(i));
        expectNear(unlike, embeddingOf(i + 1));
        expectNear(chunks[0]!.embedding!, embeddingOf(i + 2));
      }
    });

    it('is dumped with them', async () => {
      const dumped = await collect(dumpIndex(engine, await filled()));
      expect(dumped).toHaveLength(DOCUMENTS);
      for (const { embedding } of dumped) expect(embedding).toHaveLength(DIMENSIONS);
    });
  },
  // The type is Elasticsearch's; before 8.0 it is not indexed by `index`.
  ({ engine, version }) => engine === 'elasticsearch' && !version.startsWith('7.'),
);

/** Engines that normalise write such a vector with another last digit at every update. */
function expectNear(given: readonly number[], expected: readonly number[]): void {
  expect(given).toHaveLength(expected.length);
  given.forEach((weight, i) => {
    expect(Math.abs(weight - expected[i]!)).toBeLessThan(1e-5);
  });
}
