import { get } from 'node:http';
import type { RequestOptions, Snapshot } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { createExplorer } from '../../../src/explorer/create-explorer.js';
import { indexDocuments } from '../../../src/ingest/index-documents.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { exploredIndex } from '../../support/explored-index.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

/** The memory engine; a test says what happens before a snapshot. */
class WatchedEngine extends MemoryEngine {
  onSnapshot: (options: RequestOptions) => unknown = () => undefined;

  override async snapshot(index: string, options: RequestOptions = {}): Promise<Snapshot> {
    await this.onSnapshot(options);
    return super.snapshot(index);
  }
}

let engine: WatchedEngine;
let opened: Awaited<ReturnType<typeof exploredIndex>>;
beforeEach(async () => {
  engine = new WatchedEngine();
  opened = await exploredIndex(engine, hashingEncoder());
});
afterEach(() => opened.explorer[Symbol.asyncDispose]());

const post = (path: string, body: unknown = {}, signal?: AbortSignal) =>
  fetch(new URL(path, opened.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });

describe('what the page asks', () => {
  it.each(['/api/verify', '/api/statistics'])('%s reads the index', async (path) => {
    const response = await post(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(path === '/api/verify' ? { disagreements: 0 } : { vectors: 15 });
  });

  it.each(['/api/verify', '/api/statistics'])('%s ends where whoever asked leaves', async (path) => {
    const leaving = new AbortController();
    const ended = new Promise<void>((resolve) => {
      engine.onSnapshot = ({ signal }) => {
        signal!.addEventListener('abort', () => resolve());
        leaving.abort();
        return ended;
      };
    });
    await expect(post(path, {}, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await ended;
  });

  it('has the texts of fields inside of objects', async () => {
    const [name, encoder] = ['dotted', hashingEncoder()];
    const document = { id: 'd', source: { book: { title: 'A fox' } } };
    const source = {
      items: async function* () {
        yield { ok: true as const, document };
      },
    };
    const options = { encoder, textFields: ['book.title'], usualTextFields: () => [] };
    for await (const _ of indexDocuments(engine, name, source, options));
    const index = await SparseIndex.open(engine, name);
    await using explorer = createExplorer({ encoder, index, models: [], openModel: async () => encoder });
    const url = new URL('/api/search', await explorer.listen(0));
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"fox"}' };
    expect(await (await fetch(url, init)).json()).toMatchObject({ documents: { d: ['A fox'] } });
  });

  it('is nothing where its target is no URL', async () => {
    const { hostname, port } = new URL(opened.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get({ hostname, port, path: '//' }, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    expect(status).toBe(404);
  });

  it('is read again where a first reading of the sample failed', async () => {
    const asked = { text: 'a fox', query: 'none', documents: 'none' };
    engine.onSnapshot = () => {
      engine.onSnapshot = () => undefined;
      throw new Error('the engine is away');
    };
    expect((await post('/api/prune', asked)).status).toBe(500);
    const response = await post('/api/prune', asked);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ documents: { sampled: 15 } });
  });
});
