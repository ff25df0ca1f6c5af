import { setTimeout as sleep } from 'node:timers/promises';
import type { Hit, PageOptions } from '../../../src/engine/engine.js';
import { IndexUnavailable } from '../../../src/engine/engine-faults.js';
import { identityOf } from '../../../src/ingest/bulk/same-index.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { Follower } from '../../../src/ingest/reindex/follower.js';
import { IndexSource } from '../../../src/ingest/reindex/index-source.js';
import { prepareCopy } from '../../../src/ingest/reindex/prepare-copy.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed, textsOf } from '../../support/memory-cluster.js';

const options = { encoder: hashingEncoder(), textFields: ['text'] };

/** Snapshots of `shop` give their pages through `through`. */
class Read extends MemoryCluster {
  snapshots = 0;
  through: (pages: AsyncIterable<readonly Hit[]>) => AsyncIterable<readonly Hit[]> = (pages) => pages;

  override async snapshot(index: string) {
    const snapshot = await super.snapshot(index);
    if (index !== 'shop') return snapshot;
    this.snapshots++;
    return { ...snapshot, pages: (given?: PageOptions) => this.through(snapshot.pages(given)) };
  }
}

test('what was written before a reindex and is in no point in time yet is brought, too', async () => {
  const engine = new Read();
  await filledWith(engine, 'shop', { a: 'red coat', b: 'blue coat', c: 'hat' });
  let refreshed = false;
  engine.refresh = async (index) => {
    refreshed ||= index === 'shop';
  };
  engine.through = async function* (pages) {
    for await (const page of pages) yield refreshed ? page : page.slice(0, 1);
  };
  await reindexed(engine, 'shop', { to: 'copy' });
  expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
});

test('no alias moves to a copy of which nothing could be checked', async () => {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', {}, { dynamic: false });
  await engine.bulk('shop', [{ kind: 'index', id: 'a', source: { txt: 'misspelt' } }]);
  const run = reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
  await expect(run).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT' });
  expect(engine.aliases.get('search')).toBeUndefined();
});

test('an empty copy is right where its source is empty, and is not where every document has failed', async () => {
  const engine = new MemoryCluster();
  await filledWith(engine, 'empty', {});
  expect(await reindexed(engine, 'empty', { to: 'empty-copy' })).toMatchObject({ documents: 0, verified: true });
  await filledWith(engine, 'shop', {});
  await engine.bulk('shop', [{ kind: 'index', id: 'a', source: { text: { no: 'text' } } }]);
  expect(await reindexed(engine, 'shop', { to: 'copy' })).toMatchObject({ documents: 0, failed: 1, verified: false });
  const moving = reindexed(engine, 'shop', { to: 'copy', alias: 'search', allowFailed: true });
  await expect(moving).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT' });
  expect(engine.aliases.get('search')).toBeUndefined();
});

test('following ends although the source never stops changing', async () => {
  const engine = new Read();
  await filledWith(engine, 'shop', { a: 'red coat' });
  const source = await engine.describeIndex('shop');
  const copy = await prepareCopy(engine, source, 'copy', options);
  let change = 0;
  engine.through = async function* (pages) {
    await engine.bulk('shop', [{ kind: 'index', id: 'live', source: { text: `change ${change++}` } }]);
    yield* pages;
  };
  const field = { highest: async () => change, since: () => ({ match_all: {} }) };
  const signal = AbortSignal.timeout(20_000);
  const follower = new Follower(engine, identityOf(source), copy, field, 0, { ...options, signal });
  await follower.catchUp();
  expect(engine.snapshots).toBeLessThan(10);
});

test('a page that never comes is given up after the patience, whatever comes before it', async () => {
  const engine = new Read();
  const texts = Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`d${i}`, `coat ${i}`]));
  await filledWith(engine, 'shop', texts);
  await engine.createIndex('copy', {});
  engine.through = async function* (pages) {
    let page = 0;
    for await (const hits of pages) {
      if (page++ === 2) throw new IndexUnavailable('shop', 'corrupt stored fields');
      yield hits;
    }
  };
  const retry = { firstMs: 5, mostMs: 20, patienceMs: 200 };
  const source = new IndexSource(engine, 'shop', { copy: 'copy', vectorFields: ['splade'], retry });
  const reading = collect(source.items({ signal: AbortSignal.timeout(15_000) }));
  await expect(reading).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
});

test('a point in time that expires is taken anew, however long the reading has gone on without a failure', async () => {
  const engine = new Read();
  const texts = Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`d${i}`, `coat ${i}`]));
  await filledWith(engine, 'shop', texts);
  await engine.createIndex('copy', {});
  const isFirst = () => engine.snapshots === 1;
  engine.through = async function* (pages) {
    const first = isFirst();
    for await (const hits of pages) {
      yield hits;
      if (!first) continue;
      await sleep(300);
      throw new IndexUnavailable('shop', 'no search context found');
    }
  };
  const retry = { firstMs: 5, mostMs: 20, patienceMs: 200 };
  const source = new IndexSource(engine, 'shop', { copy: 'copy', vectorFields: ['splade'], retry });
  expect(await collect(source.items({}))).toHaveLength(2500);
});

describe('adding vectors in place', () => {
  it("sends no finished document through the index's own pipeline", async () => {
    const engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat' }, plannedMappings());
    await collect(addVectors(engine, 'shop', options));
    await engine.bulk('shop', [{ kind: 'update', id: 'a', doc: { text: 'blue coat' } }]);
    const bulk = engine.bulk.bind(engine);
    const pipelines: unknown[] = [];
    engine.bulk = (index, writes) => {
      for (const write of writes) if (write.kind === 'index') pipelines.push(write.pipeline);
      return bulk(index, writes);
    };
    await collect(addVectors(engine, 'shop', options));
    expect(pipelines).toEqual(['_none']);
  });

  it('refuses an index with a final pipeline, which no write passes by', async () => {
    const engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat' }, plannedMappings());
    engine.settings.set('shop', { final_pipeline: 'stamp' });
    const adding = collect(addVectors(engine, 'shop', options));
    await expect(adding).rejects.toMatchObject({ code: 'FINAL_PIPELINE_RUNS', pipeline: 'stamp' });
  });
});
