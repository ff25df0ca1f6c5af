import type { JsonObject } from '../../../src/dialect/dialect.js';
import type { WireRequest } from '../../../src/engine/engine.js';
import { EngineRefused, EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { changed } from '../../support/changed-engine.js';
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

/** An engine that has too much to do whenever it is asked something for the first time, from the second request on. */
function busyAtFirst(engine: MemoryCluster): { busy: MemoryCluster; refused: Set<string> } {
  const refused = new Set<string>();
  let isFirst = true;
  const busy = new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'createIndex') return value.bind(target);
      return async (...given: unknown[]) => {
        const { method, path } = given[0] as WireRequest;
        const asked = name === 'request' ? `${method} ${path}` : `${String(name)} ${given[0]}`;
        if (isFirst || refused.has(asked)) {
          isFirst = false;
          return value.apply(target, given);
        }
        refused.add(asked);
        throw new EngineRefused(asked, 429, 'circuit_breaking_exception', 'data too large');
      };
    },
  });
  return { busy, refused };
}

test('no request ends a run because the engine has too much to do at that moment', async () => {
  await using engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  const { busy, refused } = busyAtFirst(engine);
  const { documents, verified } = await reindexed(busy, 'shop', MOVE);
  expect([documents, verified, engine.aliases.get('search')]).toEqual([50, true, new Set(['copy'])]);
  for (const asked of [
    'refresh copy',
    'count shop',
    'describeIndex copy',
    'writeMark shop',
    'GET /termweave-runs/_doc/copy',
    'POST /termweave-runs/_mget',
    'PUT /copy/_settings',
    'POST /_aliases',
  ]) {
    expect(refused).toContain(asked);
  }
});

test('an alias whose move was not answered for is not moved again', async () => {
  await using engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  engine.aliases.set('search', new Set(['shop']));
  let moves = 0;
  const losesAnAnswer = changed(engine, {
    async request(request: WireRequest) {
      const answer = await engine.request(request);
      if (request.path === '/_aliases' && ++moves === 1) throw new EngineUnreachable(engine.url, 'the answer was lost');
      return answer;
    },
  });
  expect(await reindexed(losesAnAnswer, 'shop', MOVE)).toMatchObject({ verified: true, movedFrom: ['shop'] });
  expect(moves).toBe(1);
  expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
});

/** An engine to which a search for more than 50 documents is too much, whenever it is asked. */
class NarrowCluster extends MemoryCluster {
  refused = 0;

  override async search(index: string, body: JsonObject) {
    const { ids } = (body.query ?? {}) as { ids?: { values: readonly string[] } };
    if (index !== 'copy' || !ids || ids.values.length <= 50) return super.search(index, body);
    this.refused++;
    throw new EngineRefused('a search', 429, 'circuit_breaking_exception', 'data too large');
  }
}

test('what is too much for an engine is asked for in smaller pages, not again and again', async () => {
  await using engine = new NarrowCluster();
  const texts = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`d${i}`, `coat number ${i}`]));
  await filledWith(engine, 'shop', texts);
  await reindexed(engine, 'shop', MOVE);
  const retry = { ...QUICK, patienceMs: 500 };
  expect(await reindexed(engine, 'shop', { ...MOVE, retry })).toMatchObject({ documents: 400, verified: true });
  expect(engine.refused).toBeGreaterThan(0);
  expect(engine.refused).toBeLessThan(50);
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
