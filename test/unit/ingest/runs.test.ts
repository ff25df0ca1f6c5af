import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/dialect/dialect.js';
import type { Outcome, WireRequest, Write } from '../../../src/engine/engine.js';
import { EngineRefused } from '../../../src/engine/engine-faults.js';
import { runStatus } from '../../../src/ingest/reindex/run-status.js';
import { noteSlice, readSlices } from '../../../src/ingest/reindex/slices.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { changed } from '../../support/changed-engine.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
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

  it('is refused where slices of that one are done and others not, unless it is to begin anew', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const third = (part: number) => ({ to: 'copy', slice: { part, of: 3 } });
    await reindexed(engine, 'shop', third(0));
    await reindexed(engine, 'shop', third(1));
    const fault = { code: 'SLICES_DONE', of: 2, otherwise: 3, done: [1, 2] };
    await expect(reindexed(engine, 'shop', FIRST)).rejects.toMatchObject(fault);
    expect(await reindexed(engine, 'shop', third(2))).toMatchObject({ waitingFor: 0, verified: true });
    expect(await reindexed(engine, 'shop', FIRST)).toMatchObject({ waitingFor: 1 });
    const anew = { to: 'copy', anew: true };
    await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toMatchObject({ code: 'SLICES_DONE', of: 1 });
    expect(await reindexed(engine, 'shop', anew)).toMatchObject({ waitingFor: 0, verified: true });
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

it.each([
  ['its note was deleted', (engine: MemoryCluster) => engine.bulk('termweave-runs', [{ kind: 'delete', id: 'copy' }])],
  ['all notes were deleted', (engine: MemoryCluster) => engine.deleteIndex('termweave-runs')],
  [
    'its copy was made anew',
    async (engine: MemoryCluster) => {
      await engine.deleteIndex('copy');
      await reindexed(engine, 'shop', { to: 'copy' });
    },
  ],
] as [string, (engine: MemoryCluster) => Promise<unknown>][])(
  'ends where %s meanwhile, and takes nothing from what is there then',
  async (_, happen) => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const disturbed = meanwhile(engine, () => happen(engine));
    await expect(reindexed(disturbed, 'shop', { to: 'copy' })).rejects.toMatchObject({ code: 'RUN_GONE' });
  },
);

it('is not known in a cluster where none has left notes', async () => {
  await using engine = new MemoryCluster();
  await expect(runStatus(engine, 'copy', {})).rejects.toMatchObject({ code: 'NO_RUN_OF_COPY', copy: 'copy' });
});

describe('a copy that others have deleted, and made anew under its name,', () => {
  /** A copy in whose place an index of others comes while its first write waits for the engine. */
  const replaced = (engine: MemoryCluster) =>
    meanwhile(engine, async () => {
      await engine.deleteIndex('copy');
      await engine.createIndex('copy', {});
      await engine.bulk('copy', [{ kind: 'index', id: 'other', source: { text: 'of others' } }]);
      await sleep(1100);
      throw new EngineRefused('a bulk request', 429, 'es_rejected_execution_exception', 'to be sent again');
    });

  it('gets nothing of a reindex, which ends', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const run = reindexed(replaced(engine), 'shop', { to: 'copy', alias: 'search' });
    const remedy = expect.stringContaining('was made by the engine for a last write: delete it first');
    await expect(run).rejects.toMatchObject({ code: 'RUN_GONE', remedy });
    expect(await textsOf(engine, 'copy')).toEqual({ other: 'of others' });
    expect(engine.settings.get('copy')).toEqual({ uuid: expect.any(String) });
    expect(await runStatus(engine, 'copy', {})).toMatchObject({ state: 'loading' });
  });

  it('gets nothing of a sync, which ends', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy' });
    await engine.bulk('shop', [{ kind: 'index', id: 'd1', source: { text: 'changed' } }]);
    const run = sync(replaced(engine), 'shop', 'copy', { encoder: hashingEncoder() });
    await expect(run).rejects.toMatchObject({ code: 'RUN_GONE' });
    expect(await textsOf(engine, 'copy')).toEqual({ other: 'of others' });
  });

  it('gets no alias, where it was whole', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    engine.onRequest = async ({ path }) => {
      if (!path.startsWith('/_cluster/health')) return;
      engine.onRequest = () => undefined;
      await engine.deleteIndex('copy');
      await filledWith(engine, 'copy', TEXTS);
      await sleep(1100);
    };
    const run = reindexed(engine, 'shop', { to: 'copy', alias: 'search', encoder: hashingEncoder() });
    await expect(run).rejects.toMatchObject({ code: 'RUN_GONE' });
    expect(engine.aliases.get('search')).toBeUndefined();
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
      slices: [{ state: 'ended', wasDone: true, documents: 40, failed: 1 }],
    });
    const last = await reindexed(engine, 'shop', { to: 'copy', alias: 'search', again });
    expect(last).toMatchObject({ waitingFor: 0, verified: true, documents: 41 });
    expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
  });

  it('is waited for by a retry of another slice beside it, and moves the alias by whichever is last', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const odd = ['odd1', 'odd2', 'odd3', 'odd4'];
    const write = (text: unknown) =>
      engine.bulk(
        'shop',
        odd.map((id) => ({ kind: 'index' as const, id, source: { text } })),
      );
    await write([{ name: 'x' }]);
    await reindexed(engine, 'shop', FIRST);
    const { failed } = await reindexed(engine, 'shop', SECOND);
    await write('mended');
    // The other is at work all the while that this one takes.
    const beside = meanwhile(engine, async () => {
      const other = await reindexed(engine, 'shop', { ...FIRST, alias: 'search', again: odd, allowFailed: false });
      expect(other).toMatchObject({ waitingFor: 1, verified: false });
    });
    const last = await reindexed(beside, 'shop', { ...SECOND, alias: 'search', again: odd });
    expect(failed).toBeGreaterThan(0);
    expect(last).toMatchObject({ waitingFor: 0, verified: true });
    expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });

  it('counts no document twice that replaces another', async () => {
    await using engine = await failedOnce();
    await reindexed(engine, 'shop', { to: 'copy', again: ['odd'] });
    await engine.bulk('shop', [{ kind: 'index', id: 'odd', source: { text: 'mended better' } }]);
    const last = await reindexed(engine, 'shop', { to: 'copy', alias: 'search', again: ['odd'] });
    expect(last).toMatchObject({ verified: true, documents: 41 });
  });

  it('completes although documents were deleted from both since', async () => {
    await using engine = await failedOnce();
    await engine.bulk('shop', [
      { kind: 'delete', id: 'd1' },
      { kind: 'index', id: 'odd', source: { text: [{ name: 'x' }] } },
    ]);
    await sync(engine, 'shop', 'copy', { encoder: hashingEncoder() });
    await engine.bulk('shop', [{ kind: 'index', id: 'odd', source: { text: 'mended' } }]);
    const last = await reindexed(engine, 'shop', { to: 'copy', alias: 'search', again: ['odd'] });
    expect(last).toMatchObject({ verified: true, documents: 40 });
  });
});

/** New documents of a source. */
function arriving(count: number): Write[] {
  return Array.from({ length: count }, () => ({ kind: 'index', id: randomUUID(), source: { text: 'a new coat' } }));
}

describe('what the notes of a run say was brought', () => {
  const MOVE = { ...SECOND, alias: 'search' };

  it('is no reproach to a copy from which an earlier attempt to finish has deleted what the source has', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', FIRST);
    await reindexed(engine, 'shop', SECOND);
    await reindexed(engine, 'shop', FIRST);
    const ids = Object.keys(TEXTS).slice(0, 8);
    await engine.bulk(
      'shop',
      ids.map((id) => ({ kind: 'delete', id })),
    );
    engine.onRequest = ({ path }) => {
      if (path === '/_aliases') throw new EngineRefused(path, 403, 'security_exception', 'no right to move it');
    };
    await expect(reindexed(engine, 'shop', MOVE)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
    engine.onRequest = () => undefined;
    expect(await reindexed(engine, 'shop', MOVE)).toMatchObject({ verified: true, waitingFor: 0 });
  });

  it('is no reproach either to one from which the source has deleted since a process was killed that was about to move the alias', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', FIRST);
    const ofFirst = Object.keys(await textsOf(engine, 'copy'));
    let isKilled = false;
    const dies = changed(engine, {
      async request(request: WireRequest) {
        isKilled ||= request.path === '/_aliases';
        if (isKilled)
          throw new EngineRefused('whatever it asks', 403, 'security_exception', 'it is not there any more');
        return engine.request(request);
      },
    });
    await expect(reindexed(dies, 'shop', MOVE)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' });
    expect(await runStatus(engine, 'copy', {})).toMatchObject({ state: 'finishing' });
    const deletions = ofFirst.slice(0, 8).map((id) => ({ kind: 'delete' as const, id }));
    await engine.bulk('shop', [...deletions, ...arriving(8)]);
    // The source is written to all the while.
    const live = changed(engine, {
      async count(index: string, query?: JsonObject) {
        if (index === 'shop') await engine.bulk('shop', arriving(1));
        return engine.count(index, query);
      },
    });
    expect(await reindexed(live, 'shop', MOVE)).toMatchObject({ verified: true, waitingFor: 0 });
    expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
  });

  /** The first of two slices was brought, and a document of it is lost from the copy. @returns its id. */
  async function lostFrom(engine: MemoryCluster): Promise<string> {
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', FIRST);
    const [lost] = Object.keys(await textsOf(engine, 'copy'));
    await engine.bulk('copy', [{ kind: 'delete', id: lost! }]);
    return lost!;
  }

  it('shows a loss although the source goes on changing', async () => {
    await using engine = new MemoryCluster();
    const lost = await lostFrom(engine);
    await engine.bulk('shop', [{ kind: 'index', id: lost, source: { text: 'changed since' } }]);
    const short = reindexed(engine, 'shop', MOVE);
    await expect(short).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT', found: expect.stringContaining('40 were') });
  });

  it('shows a loss to whoever takes up a finish that was broken off, too', async () => {
    await using engine = new MemoryCluster();
    await lostFrom(engine);
    const away = changed(engine, { search: () => Promise.reject(new Error('the check was broken off')) });
    await expect(reindexed(away, 'shop', MOVE)).rejects.toThrow('broken off');
    await engine.bulk('shop', arriving(5));
    await expect(reindexed(engine, 'shop', MOVE)).rejects.toMatchObject({
      code: 'COPY_NOT_RIGHT',
      found: expect.stringContaining('were brought'),
    });
    expect(engine.aliases.get('search')).toBeUndefined();
  });

  it('is not undone where the source is made anew by others while a finish is taken up again', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    engine.onRequest = ({ path }) => {
      if (path === '/_aliases') throw new EngineRefused(path, 403, 'security_exception', 'no right to move it');
    };
    await expect(reindexed(engine, 'shop', { to: 'copy', alias: 'search' })).rejects.toMatchObject({ status: 403 });
    engine.onRequest = () => undefined;
    const { mappings } = await engine.describeIndex('shop');
    let isRemade = false;
    const remade = changed(engine, {
      async count(index: string, query?: JsonObject) {
        if (index === 'copy' && !isRemade) {
          isRemade = true;
          await engine.deleteIndex('shop');
          await engine.createIndex('shop', { mappings });
        }
        return engine.count(index, query);
      },
    });
    const resumed = reindexed(remade, 'shop', { to: 'copy', alias: 'search' });
    await expect(resumed).rejects.toMatchObject({ code: 'RUN_GONE', index: 'shop' });
    expect(Object.keys(await textsOf(engine, 'copy'))).toHaveLength(40);
    expect(engine.aliases.get('search')).toBeUndefined();
  });
});

test('of two processes of one slice, one that brings documents while the other finishes brings back nothing that is gone', async () => {
  await using engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  let [release, second] = [() => {}, undefined as Promise<unknown> | undefined];
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = meanwhile(engine, () => held);
  engine.onRequest = async ({ path }) => {
    if (path !== '/_aliases' || !second) return;
    const ended = second;
    second = undefined;
    release();
    await ended;
  };
  second = reindexed(slow, 'shop', { to: 'copy', alias: 'search' });
  // By now it has read the source.
  await sleep(500);
  await engine.bulk('shop', [{ kind: 'delete', id: 'd7' }]);
  await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
  expect(second).toBeUndefined();
  expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
});
