import { traitsOf } from '../../../src/dialect/engine-traits.js';
import type { Hit } from '../../../src/engine/engine.js';
import { EngineRefused } from '../../../src/engine/engine-faults.js';
import { KeepAlive } from '../../../src/engine/snapshots/keep-alive.js';
import { PointInTimeSnapshot } from '../../../src/engine/snapshots/point-in-time-snapshot.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { collect } from '../../support/collect.js';
import { MemoryCluster } from '../../support/memory-cluster.js';

const IDS = Array.from({ length: 1200 }, (_, i) => `d${i}`);
const QUICK = { firstMs: 1, mostMs: 5, patienceMs: 1000 };

/** A cluster that refuses a page now and then, by whose answers one pages by `search_after`. */
class Busy extends MemoryCluster {
  asked = 0;

  constructor(readonly refusal: (asked: number) => EngineRefused | undefined) {
    super();
  }

  override async snapshot(index: string): Promise<PointInTimeSnapshot> {
    const traits = { ...traitsOf({ flavour: 'elasticsearch', number: '9.5.3', major: 9, minor: 5 } as never) };
    const point = { index, id: 'p', preference: {} };
    return new PointInTimeSnapshot(this, point, traits, new KeepAlive(), async (body) => {
      const refusal = this.refusal(++this.asked);
      if (refusal) throw refusal;
      const from = body.search_after ? Number((body.search_after as unknown[])[0]) + 1 : 0;
      const ids = IDS.slice(from, from + Number(body.size));
      const hits = ids.map((id, i): Hit => ({ id, index, score: null, source: {}, sort: [from + i], raw: {} }));
      return { hits, tookMs: 0, raw: {} };
    });
  }
}

const refused = (status: number) => new EngineRefused('POST /_search', status, 'rejected', 'too much to do');

async function dump(engine: Busy) {
  await engine.createIndex('shop', {});
  return (await collect(dumpIndex(engine, 'shop', { retry: QUICK }))).map(({ _id }) => _id);
}

test('a page that was refused is asked for again, and every document comes once', async () => {
  expect(await dump(new Busy((asked) => (asked % 2 === 0 ? refused(429) : undefined)))).toEqual(IDS);
});

test('a point in time that is gone, and a refusal that lasts, end it', async () => {
  const gone = new Busy((asked) => (asked === 2 ? refused(404) : undefined));
  await expect(dump(gone)).rejects.toMatchObject({ status: 404 });
  expect(gone.asked).toBe(2);
  await expect(dump(new Busy(() => refused(503)))).rejects.toMatchObject({ status: 503 });
});
