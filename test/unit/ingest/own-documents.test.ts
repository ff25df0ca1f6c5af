import type { JsonObject } from '../../../src/dialect/dialect.js';
import type { PageOptions, Snapshot } from '../../../src/engine/engine.js';
import { EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { OwnDocuments } from '../../../src/ingest/in-place/own-documents.js';
import { collect } from '../../support/collect.js';
import { MemoryCluster } from '../../support/memory-cluster.js';

const IDS = Array.from({ length: 600 }, (_, i) => `d${i}`);
const QUICK = { firstMs: 1, mostMs: 5, patienceMs: 60_000 };
const OPTIONS = { unhashed: ['splade'], retry: QUICK };

/** It goes away after each page that it has given, until it has done so `times` times. */
class LeavingEngine extends MemoryCluster {
  readonly asked: PageOptions[] = [];

  constructor(public times: number) {
    super();
  }

  override async snapshot(index: string): Promise<Snapshot> {
    const snapshot = await super.snapshot(index);
    const pages = (asked: PageOptions = {}) => {
      this.asked.push(asked);
      return this.#leavingAfter(snapshot.pages(asked));
    };
    return { pages, search: (...asked) => snapshot.search(...asked), [Symbol.asyncDispose]: async () => {} };
  }

  async *#leavingAfter<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const page of pages) {
      yield page;
      if (this.times-- > 0) throw new EngineUnreachable('memory:', 'gone');
    }
  }
}

async function filled(times: number, ids: readonly string[] = IDS) {
  const engine = new LeavingEngine(times);
  await engine.createIndex('shop', {});
  await engine.bulk(
    'shop',
    ids.map((id) => ({ kind: 'index', id, source: { text: id } })),
  );
  return engine;
}

describe('the documents of an index whose engine goes away', () => {
  it('come each once', async () => {
    await using engine = await filled(2);
    const items = await collect(new OwnDocuments(engine, 'shop', OPTIONS).items({}));
    expect(items.map((item) => item.ok && item.document.id)).toEqual(IDS);
  });

  it('end with what it said where it does not come back', async () => {
    await using engine = await filled(Number.POSITIVE_INFINITY);
    const impatient = { ...OPTIONS, retry: { ...QUICK, patienceMs: 50 } };
    const reading = collect(new OwnDocuments(engine, 'shop', impatient).items({}));
    await expect(reading).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });
});

describe('documents of an index by their ids', () => {
  it('are asked for a thousand at a time, as the query says that finds the documents', async () => {
    const ids = Array.from({ length: 2500 }, (_, i) => `d${i}`);
    await using engine = await filled(1, ids);
    const query = { bool: { must_not: [{ ids: { values: ['d7'] } }] } };
    const items = await collect(new OwnDocuments(engine, 'shop', { ...OPTIONS, query, ids }).items({}));
    const found = items.map((item) => item.ok && item.document.id);
    expect(found).toHaveLength(2499);
    expect(new Set(found)).toEqual(new Set(ids.filter((id) => id !== 'd7')));
    expect(engine.asked).toHaveLength(4);
    for (const { query: sent } of engine.asked) {
      const [first, second] = (sent as { bool: { filter: [JsonObject, { ids: { values: string[] } }] } }).bool.filter;
      expect(first).toEqual(query);
      expect(second.ids.values.length).toBeLessThanOrEqual(1000);
    }
  });
});

it('a page that does not come is asked for with fewer documents', async () => {
  await using engine = await filled(1);
  await collect(new OwnDocuments(engine, 'shop', OPTIONS).items({}));
  const sizes: number[] = [];
  const snapshot = await engine.snapshot('shop');
  engine.snapshot = async () => ({
    ...snapshot,
    pages: (asked: PageOptions = {}) => {
      sizes.push((asked.size as () => number)());
      if (sizes.length < 3) throw new EngineUnreachable('memory:', 'too much');
      return snapshot.pages(asked);
    },
  });
  await collect(new OwnDocuments(engine, 'shop', OPTIONS).items({}));
  expect(sizes[1]).toBeLessThan(sizes[0]!);
  expect(sizes[2]).toBeLessThan(sizes[1]!);
});
