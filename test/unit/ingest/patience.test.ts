import type { Engine, WireRequest } from '../../../src/engine/engine.js';
import { EngineRefused, EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { indexDocuments } from '../../../src/ingest/index-documents.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { SourceItem } from '../../../src/ingest/source.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed, textsOf } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const QUICK = { firstMs: 1, mostMs: 5, patienceMs: 5_000 };
const encoder = hashingEncoder();

type Ask = () => Promise<unknown>;

/** The engine, each question to it answered by `answer`; what is asked is told as `count shop`, `POST /_aliases`. */
function through(engine: MemoryCluster, answer: (asked: string, ask: Ask) => Promise<unknown>): MemoryCluster {
  return new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name === 'symbol') return value;
      return (...given: unknown[]) => {
        const { method, path } = given[0] as WireRequest;
        const asked = name === 'request' ? `${method} ${path}` : `${String(name)} ${given[0]}`;
        return answer(asked, () => value.apply(target, given) as Promise<unknown>);
      };
    },
  });
}

/** An engine that answers no question the first time, from the second one on: `lose` makes nothing of it, or does what is asked. */
function forgetful(engine: MemoryCluster, lose: (asked: string, ask: Ask) => Promise<unknown>) {
  const lost = new Set<string>();
  let isFirst = true;
  const forgets = through(engine, async (asked, ask) => {
    if (isFirst || lost.has(asked)) {
      isFirst = false;
      return ask();
    }
    lost.add(asked);
    return lose(asked, ask);
  });
  return { forgets, lost };
}

const WAYS = {
  'has too much to do': async (asked: string) => {
    throw new EngineRefused(asked, 429, 'circuit_breaking_exception', 'data too large');
  },
  'does what it is asked and does not say so': async (_asked: string, ask: Ask) => {
    await ask();
    throw new EngineUnreachable('memory:', 'the answer was lost');
  },
};

describe.each(Object.entries(WAYS))('an engine that %s, whatever it is asked for the first time,', (_, lose) => {
  it('ends no reindex', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    // As an index template would.
    engine.aliases.set('found too early', new Set(['copy']));
    const { forgets, lost } = forgetful(engine, lose);
    const all = { to: 'copy', alias: 'search', retry: QUICK };
    expect(await reindexed(forgets, 'shop', all)).toMatchObject({ documents: 50, failed: 0, verified: true });
    expect([...engine.aliases].map(([alias, on]) => [alias, ...on])).toEqual([['found too early'], ['search', 'copy']]);
    for (const asked of ['createIndex copy', 'createIndex termweave-runs', 'snapshot copy', 'POST /_aliases']) {
      expect(lost).toContain(asked);
    }
  });

  it('ends no sync', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy' });
    await engine.bulk('shop', [{ kind: 'delete', id: 'd1' }]);
    const { forgets, lost } = forgetful(engine, lose);
    expect(await sync(forgets, 'shop', 'copy', { encoder, retry: QUICK })).toMatchObject({ deleted: 1, failed: 0 });
    expect(await textsOf(engine, 'copy')).toEqual(await textsOf(engine, 'shop'));
    expect(lost).toContain('refresh shop');
  });

  it('ends no adding of vectors in place', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS, plannedMappings());
    const { forgets, lost } = forgetful(engine, lose);
    const reports = await collect(addVectors(forgets, 'shop', { encoder, textFields: ['text'], retry: QUICK }));
    expect(reports.at(-1)).toMatchObject({ done: true, documents: 50, failed: 0 });
    expect(lost).toContain('PUT /shop/_mapping');
  });

  it('ends no indexing', async () => {
    await using engine = new MemoryCluster();
    const { forgets, lost } = forgetful(engine, lose);
    async function* items(): AsyncGenerator<SourceItem> {
      yield { ok: true, document: { id: 'a', source: { text: 'red coat' } } };
    }
    const all = { encoder, usualTextFields: () => ['text'], retry: QUICK };
    const reports = await collect(indexDocuments(forgets as Engine, 'shop', { items }, all));
    expect(reports.at(-1)).toMatchObject({ indexed: 1, failed: 0 });
    for (const asked of ['createIndex shop', 'bulk shop', 'refresh shop']) expect(lost).toContain(asked);
  });
});

describe('an engine that goes away for good', () => {
  const patienceMs = 600;

  it.each([
    ['createIndex copy'],
    ['GET /termweave-runs/_doc/copy'],
    ['snapshot shop'],
    ['GET /_cluster/health/copy'],
    ['POST /shop/_mget'],
    ['POST /copy/_mget'],
    ['refresh copy', 'POST /copy/_mget'],
    ['search copy', 'POST /copy/_mget'],
    ['snapshot copy', 'search copy'],
    ['describeIndex copy', 'writeMark shop'],
    ['POST /_aliases'],
  ])('is waited for once, wherever a run is: %s', async (last, before = 'describeIndex shop') => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const isAnew = last === 'createIndex copy';
    if (!isAnew) await reindexed(engine, 'shop', { to: 'copy' });
    // For a copy that has too many there is something to look for in the source.
    await engine.bulk('shop', [{ kind: 'delete', id: 'd1' }]);
    let isNear = false;
    let since: number | undefined;
    let until: number | undefined;
    const gone = through(engine, async (asked, ask) => {
      isNear ||= asked === before;
      if (isNear && asked === last) since ??= performance.now();
      if (since === undefined) return ask();
      throw new EngineUnreachable(engine.url, 'nobody answers');
    });
    const run = reindexed(gone, 'shop', { to: 'copy', alias: 'search', retry: { ...QUICK, patienceMs } });
    await expect(
      run.finally(() => {
        until = performance.now();
      }),
    ).rejects.toMatchObject({ kind: 'environment' });
    // Once more, it may be, to tell the others that the run has ended.
    expect(until! - since!).toBeLessThan(2.5 * patienceMs);
  });
});
