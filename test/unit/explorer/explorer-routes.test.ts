import { get } from 'node:http';
import type { JsonObject } from '../../../src/dialect/dialect.js';
import type { RequestOptions, Snapshot } from '../../../src/engine/engine.js';
import { EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { createExplorer } from '../../../src/explorer/create-explorer.js';
import { indexDocuments } from '../../../src/ingest/index-documents.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { exploredIndex } from '../../support/explored-index.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

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

const post = (path: string, body: unknown = {}, signal?: AbortSignal, url = opened.url) =>
  fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });

/** A listening explorer of an index of documents with text in a field. */
async function explorerOf(field: string, sources: readonly JsonObject[]) {
  const encoder = hashingEncoder();
  const source = {
    items: async function* () {
      for (const [n, source] of sources.entries()) yield { ok: true as const, document: { id: `d${n}`, source } };
    },
  };
  const options = { encoder, textFields: [field], usualTextFields: () => [] };
  for await (const _ of indexDocuments(engine, 'other', source, options));
  return listening(await SparseIndex.open(engine, 'other'), encoder);
}

async function listening(index: SparseIndex, encoder = hashingEncoder()) {
  const explorer = createExplorer({ encoder, index, models: [], openModel: async () => encoder });
  return { url: await explorer.listen(0), [Symbol.asyncDispose]: () => explorer[Symbol.asyncDispose]() };
}

it('shows the text fields of vectors with their weights', async () => {
  const encoder = hashingEncoder();
  const items = async function* () {
    yield { ok: true as const, document: { id: 'd', source: { title: 'fox', text: 'owl' } } };
  };
  const options = { encoder, textFields: ['title', 'text'], textWeights: [2, 1], usualTextFields: () => [] };
  for await (const _ of indexDocuments(engine, 'weighed', { items }, options));
  await using explorer = await listening(await SparseIndex.open(engine, 'weighed'), encoder);
  const state = await (await fetch(new URL('/api/state', explorer.url))).json();
  expect(state).toMatchObject({ index: { from: ['title^2', 'text^1'] } });
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
    await using dotted = await explorerOf('book.title', [{ book: { title: 'A fox' } }]);
    const response = await post('/api/search', { text: 'fox' }, undefined, dotted.url);
    expect(await response.json()).toMatchObject({ documents: { d0: ['A fox'] } });
  });

  it('is its state also where the engine is away, with what went wrong', async () => {
    engine.count = async () => {
      throw new EngineUnreachable('http://127.0.0.1:9200', 'connect ECONNREFUSED');
    };
    const response = await fetch(new URL('/api/state', opened.url));
    expect(response.status).toBe(200);
    const { model, index } = (await response.json()) as { model: unknown; index: Record<string, unknown> };
    expect([model, index.name]).toEqual([expect.objectContaining({ id: 'tiny' }), opened.index.name]);
    expect(index).toMatchObject({ problem: { code: 'ENGINE_UNREACHABLE' } });
    expect(index).not.toHaveProperty('documents');
  });

  it('has no sample where documents have no vectors to be read', async () => {
    await using bare = await explorerOf('title', [{ title: '' }, { title: ' ' }]);
    const asked = { text: 'a fox', query: 'none', documents: 'none' };
    const response = await post('/api/prune', asked, undefined, bare.url);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ query: { overlap: 1 }, documents: { sampled: 0 } });
  });

  it('tells how far a reindex is, and how far it is to go', async () => {
    const cluster = new MemoryCluster();
    await filledWith(cluster, 'shop', { a: 'a fox', b: 'bread' });
    await reindexed(cluster, 'shop', { to: 'copy', query: { ids: { values: ['a'] } } });
    await using copied = await listening(await SparseIndex.open(cluster, 'copy'));
    const response = await fetch(new URL('/api/progress', copied.url));
    const run = { source: 'shop', state: 'done', documents: 1, expected: 1, missing: [] };
    expect(await response.json()).toMatchObject({ run });
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
