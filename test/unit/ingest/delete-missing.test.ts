import type { Outcome, Write } from '../../../src/engine/engine.js';
import { EngineRefused, EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { changed } from '../../support/changed-engine.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, reindexed, textsOf } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const GONE = ['d1', 'd3', 'd5', 'd7', 'd9'];

/** A copy of `shop`, which has lost documents since. */
async function copied(): Promise<MemoryCluster> {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  await reindexed(engine, 'shop', { to: 'copy' });
  await engine.bulk(
    'shop',
    GONE.map((id) => ({ kind: 'delete', id })),
  );
  return engine;
}

describe('deleting what the source no longer has', () => {
  it('counts a document as deleted although the answer to its deletion was lost', async () => {
    await using engine = await copied();
    let isLost = false;
    const losesAnAnswer = changed(engine, {
      async bulk(index: string, writes: readonly Write[]): Promise<Outcome[]> {
        const outcomes = await engine.bulk(index, writes);
        if (isLost) return outcomes;
        isLost = true;
        throw new EngineUnreachable(engine.url, 'the answer was lost');
      },
    });
    const result = await sync(losesAnAnswer, 'shop', 'copy', { encoder: hashingEncoder() });
    expect(result).toMatchObject({ deleted: GONE.length, kept: 0 });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
  });

  it('does not take a refusal for a document that others have changed', async () => {
    await using engine = await copied();
    const refuses = changed(engine, {
      bulk: async (_: string, writes: readonly Write[]) =>
        writes.map(({ id }) => ({
          ok: false,
          id,
          status: 400,
          type: 'illegal_argument_exception',
          reason: 'not to be deleted',
        })),
    });
    const synchronised = sync(refuses, 'shop', 'copy', { encoder: hashingEncoder() });
    await expect(synchronised).rejects.toMatchObject({ code: 'ENGINE_REFUSED', status: 400 });
  });

  it('ends in time where the engine cannot answer for good, whatever it meets and keeps before that', async () => {
    await using engine = await copied();
    // What an application wrote into the copy is met, and kept, at every attempt.
    await engine.bulk('copy', [{ kind: 'index', id: 'a stranger', source: { text: 'of others' } }]);
    let asked = 0;
    engine.onRequest = ({ path }) => {
      if (path === '/copy/_refresh' || path !== '/shop/_mget') return;
      asked++;
    };
    const pages = changed(engine, {
      snapshot: async (index: string) => {
        const snapshot = await engine.snapshot(index);
        if (index !== 'copy') return snapshot;
        const fails = async function* (given: Parameters<typeof snapshot.pages>[0]) {
          yield* snapshot.pages(given);
          throw new EngineRefused('the next page', 503, 'unavailable', 'a shard is away');
        };
        return { ...snapshot, pages: fails, [Symbol.asyncDispose]: () => snapshot[Symbol.asyncDispose]() };
      },
    });
    const retry = { firstMs: 1, mostMs: 2, patienceMs: 100 };
    const synchronised = sync(pages, 'shop', 'copy', { encoder: hashingEncoder(), retry });
    await expect(synchronised).rejects.toMatchObject({ status: 503 });
    expect(asked).toBeGreaterThan(1);
  }, 20_000);

  it('goes on where the engine could not answer for a moment', async () => {
    await using engine = await copied();
    let failures = 2;
    engine.onRequest = ({ path }) => {
      if (path === '/shop/_mget' && failures-- > 0) throw new EngineRefused(path, 429, 'busy', 'too many requests');
    };
    const result = await sync(engine, 'shop', 'copy', { encoder: hashingEncoder() });
    expect(result).toMatchObject({ deleted: GONE.length, kept: 0 });
  });
});
