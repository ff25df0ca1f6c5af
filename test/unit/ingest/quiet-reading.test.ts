import { jest } from '@jest/globals';
import type { Hit, PageOptions } from '../../../src/engine/engine.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { runStatus } from '../../../src/ingest/reindex/run-status.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`d${i}`, `coat ${i}`]));
const MINUTE = 60_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A source that is copied already, of which each page takes `between` to come, once that is set. */
class SlowSource extends MemoryCluster {
  between: ((signal: AbortSignal | undefined) => Promise<unknown>) | undefined;

  override async snapshot(index: string) {
    const snapshot = await super.snapshot(index);
    return index === 'shop'
      ? { ...snapshot, pages: (given?: PageOptions) => this.#slowly(snapshot.pages(given), given) }
      : snapshot;
  }

  async *#slowly(pages: AsyncIterable<readonly Hit[]>, { signal }: PageOptions = {}) {
    for await (const page of pages) {
      await this.between?.(signal);
      yield page;
    }
  }
}

async function copiedSource(): Promise<SlowSource> {
  const engine = new SlowSource();
  await filledWith(engine, 'shop', TEXTS);
  await reindexed(engine, 'shop', { to: 'copy' });
  return engine;
}

describe('a run that passes over what its copy has already', () => {
  it('goes on saying how far it is, and counts as alive', async () => {
    await using engine = await copiedSource();
    const running: number[] = [];
    engine.between = async () => {
      await jest.advanceTimersByTimeAsync(5 * MINUTE);
      running.push((await runStatus(engine, 'copy', {})).running);
    };
    const all = { to: 'copy', encoder: hashingEncoder(), textFields: ['text'] };
    const reports = await collect(reindex(engine, 'shop', all));
    expect(running.length).toBeGreaterThan(1);
    expect(new Set(running)).toEqual(new Set([1]));
    const passed = reports.flatMap((report) => (report.done ? [] : [report.unchanged]));
    expect(new Set(passed).size).toBeGreaterThan(2);
    expect(reports.at(-1)).toMatchObject({ verified: true, documents: 1200 });
  });

  it('ends where its notes are gone, though nothing more comes of the source', async () => {
    await using engine = await copiedSource();
    engine.between = async (signal) => {
      await engine.bulk('termweave-runs', [{ kind: 'delete', id: 'copy' }]);
      const aborted = new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
      await Promise.all([aborted, jest.advanceTimersByTimeAsync(MINUTE)]);
    };
    await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toMatchObject({ code: 'RUN_GONE' });
  });
});
