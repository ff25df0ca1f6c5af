import type { Outcome, Write } from '../../../src/engine/engine.js';
import { runStatus } from '../../../src/ingest/reindex/run-status.js';
import { noteSlice, readSlices } from '../../../src/ingest/reindex/slices.js';
import { changed } from '../../support/changed-engine.js';
import { filledWith, MemoryCluster, reindexed, textsOf } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const FIRST = { to: 'copy', slice: { part: 0, of: 2 } };
const SECOND = { to: 'copy', slice: { part: 1, of: 2 } };

/** An engine in which something happens before the first write into the copy. */
function meanwhile(engine: MemoryCluster, happen: () => Promise<unknown>): MemoryCluster {
  let isFirst = true;
  return changed(engine, {
    async bulk(index: string, writes: readonly Write[]): Promise<Outcome[]> {
      if (index === 'copy' && isFirst) {
        isFirst = false;
        await happen();
      }
      return engine.bulk(index, writes);
    },
  });
}

describe('a run beside one in other slices', () => {
  it('is refused while a slice of that one is being brought', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const disturbed = meanwhile(engine, async () => {
      const whole = reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
      await expect(whole).rejects.toMatchObject({ code: 'RUN_UNDER_WAY', of: 1, otherwise: 2 });
    });
    expect(await reindexed(disturbed, 'shop', FIRST)).toMatchObject({ waitingFor: 1 });
    expect(await reindexed(engine, 'shop', SECOND)).toMatchObject({ waitingFor: 0, verified: true });
  });

  it('takes its place where its processes are taken for dead; one that lives after all brings nothing back and says so', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const asleep = meanwhile(engine, async () => {
      const [note] = await readSlices(engine, 'copy', 2, {});
      await noteSlice(engine, { ...note!, at: 0 }, {});
      const ids = Object.keys(TEXTS).slice(0, 20);
      await engine.bulk(
        'shop',
        ids.map((id) => ({ kind: 'delete', id })),
      );
      expect(await reindexed(engine, 'shop', { to: 'copy', alias: 'search' })).toMatchObject({ verified: true });
    });
    await expect(reindexed(asleep, 'shop', FIRST)).rejects.toMatchObject({ code: 'RUN_REPLACED', part: 1, of: 2 });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });
});

describe('a retry of documents that failed', () => {
  /** A run into which one document did not go, mended since. */
  async function failedOnce(): Promise<MemoryCluster> {
    const engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await engine.bulk('shop', [{ kind: 'index', id: 'odd', source: { text: [{ name: 'x' }] } }]);
    expect(await reindexed(engine, 'shop', { to: 'copy' })).toMatchObject({ failed: 1, waitingFor: 0 });
    await engine.bulk('shop', [{ kind: 'index', id: 'odd', source: { text: 'mended' } }]);
    return engine;
  }

  it('leaves a slice that was done as it was where it is broken off, and completes the next time', async () => {
    await using engine = await failedOnce();
    const again = ['odd'];
    const broken = meanwhile(engine, () => Promise.reject(new Error('broken off')));
    await expect(reindexed(broken, 'shop', { to: 'copy', again })).rejects.toThrow('broken off');
    expect(await runStatus(engine, 'copy', {})).toMatchObject({
      slices: [{ state: 'done', documents: 40, failed: 1 }],
    });
    const last = await reindexed(engine, 'shop', { to: 'copy', alias: 'search', again });
    expect(last).toMatchObject({ waitingFor: 0, verified: true, documents: 41 });
    expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
  });

  it('counts no document twice that replaces another', async () => {
    await using engine = await failedOnce();
    await reindexed(engine, 'shop', { to: 'copy', again: ['odd'] });
    await engine.bulk('shop', [{ kind: 'index', id: 'odd', source: { text: 'mended better' } }]);
    const last = await reindexed(engine, 'shop', { to: 'copy', alias: 'search', again: ['odd'] });
    expect(last).toMatchObject({ verified: true, documents: 41 });
  });
});
