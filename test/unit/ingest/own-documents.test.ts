import type { PageOptions, Snapshot } from '../../../src/engine/engine.js';
import { EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { OwnDocuments } from '../../../src/ingest/in-place/own-documents.js';
import { collect } from '../../support/collect.js';

const IDS = Array.from({ length: 600 }, (_, i) => `d${i}`);
const QUICK = { firstMs: 1, mostMs: 5, patienceMs: 60_000 };
const OPTIONS = { unhashed: ['splade'], retry: QUICK };

/** It goes away after each page that it has given, until it has done so `times` times. */
class LeavingEngine extends MemoryEngine {
  constructor(public times: number) {
    super();
  }

  override async snapshot(index: string): Promise<Snapshot> {
    const snapshot = await super.snapshot(index);
    const pages = (asked?: PageOptions) => this.#leavingAfter(snapshot.pages(asked));
    return { pages, search: (...asked) => snapshot.search(...asked), [Symbol.asyncDispose]: async () => {} };
  }

  async *#leavingAfter<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const page of pages) {
      yield page;
      if (this.times-- > 0) throw new EngineUnreachable('memory:', 'gone');
    }
  }
}

async function filled(times: number) {
  const engine = new LeavingEngine(times);
  await engine.createIndex('shop', {});
  await engine.bulk(
    'shop',
    IDS.map((id) => ({ kind: 'index', id, source: { text: id } })),
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
