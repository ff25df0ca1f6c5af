import { setTimeout as sleep } from 'node:timers/promises';
import type { PageOptions } from '../../../src/engine/engine.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { changed } from '../../support/changed-engine.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, reindexed, textsOf } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i}`, `coat number ${i}`]));

/** Of the next snapshot of `shop`, `meanwhile` happens after the first page is read. */
class Interrupted extends MemoryCluster {
  meanwhile: (() => Promise<unknown>) | undefined;

  override async snapshot(index: string) {
    const snapshot = await super.snapshot(index);
    const { meanwhile } = this;
    if (index !== 'shop' || !meanwhile) return snapshot;
    this.meanwhile = undefined;
    async function* pages(options: PageOptions = {}) {
      let first = true;
      for await (const page of snapshot.pages(options)) {
        yield page;
        if (first) await meanwhile!();
        first = false;
      }
    }
    return { ...snapshot, pages };
  }
}

async function change(engine: MemoryCluster) {
  await engine.bulk('shop', [
    { kind: 'index', id: 'd99', source: { text: 'new words' } },
    { kind: 'delete', id: 'd98' },
  ]);
}

describe('a process that reads an older state of the source', () => {
  it('takes back nothing that a later one has brought', async () => {
    await using engine = new Interrupted();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    const encoder = hashingEncoder();
    engine.meanwhile = async () => {
      await change(engine);
      expect(await sync(engine, 'shop', 'copy', { encoder })).toMatchObject({ updated: 1, deleted: 1 });
    };
    expect(await sync(engine, 'shop', 'copy', { encoder })).toMatchObject({ updated: 0, unchanged: 99 });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });

  it('brings the current state where the copy has an older one than both', async () => {
    await using engine = new Interrupted();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy' });
    await engine.bulk('shop', [{ kind: 'index', id: 'd99', source: { text: 'words in between' } }]);
    engine.meanwhile = () => change(engine);
    expect(await sync(engine, 'shop', 'copy', { encoder: hashingEncoder() })).toMatchObject({ updated: 1, deleted: 1 });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });

  it('stops where another process has finished the run, and brings no deleted document back', async () => {
    await using engine = new Interrupted();
    await filledWith(engine, 'shop', TEXTS);
    engine.meanwhile = async () => {
      await change(engine);
      expect(await reindexed(engine, 'shop', { to: 'copy', alias: 'search' })).toMatchObject({ verified: true });
    };
    expect(await reindexed(engine, 'shop', { to: 'copy', alias: 'search' })).toMatchObject({ verified: false });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });

  it('waits for its own late writes before it looks what must go', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    let release = () => {};
    const overtaken = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isFirst = true;
    const slow = changed(engine, {
      async bulk(index, writes) {
        if (index !== 'copy') return engine.bulk(index, writes);
        if (isFirst) {
          isFirst = false;
          await engine.bulk('shop', [{ kind: 'delete', id: 'd10' }]);
          await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
          // Longer than a process goes on without a look at its run.
          await sleep(1100);
          release();
        } else if (writes.some(({ id }) => id === 'd10')) {
          await overtaken;
          await sleep(200);
        }
        return engine.bulk(index, writes);
      },
    });
    expect(await reindexed(slow, 'shop', { to: 'copy', alias: 'search', batchBytes: 2000 })).toMatchObject({
      verified: false,
    });
    await sleep(300);
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });
});
