import type { WireRequest } from '../../../src/engine/engine.js';
import { EngineRefused } from '../../../src/engine/engine-faults.js';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const QUICK = { firstMs: 1, mostMs: 5, patienceMs: 2_000 };
const MOVE = { to: 'copy', alias: 'search', retry: QUICK };
const away = (asked: string) => new EngineRefused(asked, 503, 'no_shard_available_action_exception', 'no shard');

/** Counts and refreshes of the copy fail, each second time they are asked. */
class FlakyCluster extends MemoryCluster {
  failures = 0;
  isFlaky = false;
  #asked = 0;

  #mayFail(index: string): void {
    if (!this.isFlaky || index !== 'copy' || ++this.#asked % 2 === 0) return;
    this.failures++;
    throw away(`a request to ${index}`);
  }

  override async count(...given: Parameters<MemoryCluster['count']>) {
    this.#mayFail(given[0]);
    return super.count(...given);
  }
}

test('an engine that is away for a moment while a run is finished costs that moment', async () => {
  await using engine = new FlakyCluster();
  await filledWith(engine, 'shop', TEXTS);
  engine.onRequest = ({ path }) => {
    // From here on the copy is checked.
    if (path.startsWith('/_cluster/health')) engine.isFlaky = true;
    if (path === '/_aliases') engine.isFlaky = false;
  };
  const { documents, verified } = await reindexed(engine, 'shop', MOVE);
  expect([documents, verified, engine.aliases.get('search')]).toEqual([50, true, new Set(['copy'])]);
  expect(engine.failures).toBeGreaterThan(1);
});

/** A primary shard of the copy is on no node. */
class RedCluster extends MemoryCluster {
  override async request(given?: WireRequest): Promise<never> {
    const { path, query } = given!;
    if (!path.startsWith('/_cluster/health')) return super.request(given);
    if (query) throw new EngineRefused(`GET ${path}`, 408, 'timeout', 'timed out');
    return { status: 'red' } as never;
  }
}

test('a copy that stays red is given up, and no alias moves', async () => {
  await using engine = new RedCluster();
  await filledWith(engine, 'shop', TEXTS);
  const red = reindexed(engine, 'shop', { ...MOVE, retry: { ...QUICK, patienceMs: 50 } });
  await expect(red).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  expect(engine.aliases.get('search')).toBeUndefined();
});
