import { connect } from '../../../src/engine/connect.js';
import type { Engine, Hit } from '../../../src/engine/engine.js';
import { rollBackAlias } from '../../../src/ingest/reindex/alias.js';
import { HASH_FIELD } from '../../../src/ingest/reindex/content-hash.js';
import { type ReindexOptions, type ReindexResult, reindex } from '../../../src/ingest/reindex/reindex.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { call } from '../../support/http.js';

const DOCUMENTS = 400;
const PROPERTIES = {
  text: { type: 'text' },
  number: { type: 'integer' },
  inner: { type: 'nested', properties: { name: { type: 'keyword' } } },
};

/** What production indices hold: routing, nulls, arrays, nested objects, absent and empty fields. */
function sourceOf(i: number): Record<string, unknown> {
  if (i % 7 === 1) return { text: null, number: i };
  if (i % 7 === 2) return { text: [`words of ${i}`, null, 'in an array'], number: [i, i + 1] };
  if (i % 7 === 3) return { number: i };
  return { text: `some words ${i} ${i % 13}`, number: i, inner: [{ name: `n${i}` }, { name: 'x' }] };
}

const routingOf = (i: number) => (i % 5 === 0 ? `r${i % 3}` : undefined);

async function write(engine: Engine, index: string, numbers: readonly number[], change = {}) {
  const outcomes = await engine.bulk(
    index,
    numbers.map((i) => ({ kind: 'index', id: `d${i}`, routing: routingOf(i), source: { ...sourceOf(i), ...change } })),
  );
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  await engine.refresh(index);
}

async function filled(engine: Engine, documents = DOCUMENTS): Promise<string> {
  const index = freshName('source');
  const settings = { index: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '7s' } };
  await engine.createIndex(index, { settings, mappings: { properties: PROPERTIES } });
  await write(engine, index, [...Array(documents).keys()]);
  return index;
}

/** Every document of an index by id, as it was written, without what termweave adds. */
async function everything(engine: Engine, index: string) {
  await engine.refresh(index);
  await using snapshot = await engine.snapshot(index);
  const found = new Map<string, Pick<Hit, 'routing' | 'source'>>();
  for await (const page of snapshot.pages({ source: { excludes: ['splade', HASH_FIELD] } })) {
    for (const { id, routing, source } of page) found.set(id, { routing, source });
  }
  return found;
}

async function run(engine: Engine, source: string, options: Omit<ReindexOptions, 'encoder'> & Partial<ReindexOptions>) {
  const all = { encoder: hashingEncoder(), textFields: ['text'], ...options };
  for await (const report of reindex(engine, source, all)) if (report.done) return report as ReindexResult;
  throw new Error('it ended without a result');
}

onEveryEngine('reindex', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  it('copies every document with its routing, verifies, moves the alias, and moves it back', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    const actions = [{ add: { index: source, alias } }];
    await engine.request({ method: 'POST', path: '/_aliases', body: { actions } });
    const result = await run(engine, alias, { to, alias });
    expect(result).toMatchObject({ done: true, documents: DOCUMENTS, failed: 0, verified: true, movedFrom: [source] });
    expect(result.scores).toBeGreaterThan(300);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
    const { settings, mappings } = await engine.describeIndex(alias);
    expect(mappings.properties).toMatchObject(PROPERTIES);
    expect(settings.index).toMatchObject({ refresh_interval: '7s', number_of_replicas: '0', number_of_shards: '2' });
    expect(await rollBackAlias(engine, alias, {})).toEqual({ alias, from: to, to: [source] });
    expect((await engine.describeIndex(alias)).name).toBe(source);
  });

  it('passes over what is there unchanged: the same call encodes nothing the second time', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to });
    const encoder = hashingEncoder();
    const encode = encoder.encode;
    expect(await run(engine, source, { to, encoder })).toMatchObject({ documents: DOCUMENTS, verified: true });
    expect(encode).toBe(encoder.encode);
    expect(encoder.encoded).toBe(0);
  });

  it('goes on after an interruption, and the copy is the same', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    const controller = new AbortController();
    const encoder = hashingEncoder();
    const interrupted = (async () => {
      const options = { to, encoder, textFields: ['text'], signal: controller.signal, batchBytes: 4000 };
      for await (const report of reindex(engine, source, options)) {
        if (!report.done && report.indexed > 100) controller.abort(new Error('enough'));
      }
    })();
    await expect(interrupted).rejects.toThrow('enough');
    const { settings } = await engine.describeIndex(to);
    expect(settings.index).toMatchObject({ refresh_interval: '7s' });
    expect(await run(engine, source, { to })).toMatchObject({ documents: DOCUMENTS, verified: true });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('in two slices gives the index that one gives, and the last one moves the alias', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    const [a, b] = await Promise.all([
      run(engine, source, { to, alias, slice: { part: 0, of: 2 } }),
      run(engine, source, { to, alias, slice: { part: 1, of: 2 } }),
    ]);
    expect(a.documents + b.documents).toBe(DOCUMENTS);
    expect(a.verified || b.verified).toBe(true);
    expect((await engine.describeIndex(alias)).name).toBe(to);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('follows changes and deletions made meanwhile', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    let changed = false;
    const options = { to, encoder: hashingEncoder(), textFields: ['text'], follow: 'number', batchBytes: 20_000 };
    for await (const report of reindex(engine, source, options)) {
      if (changed || report.done) continue;
      changed = true;
      await write(engine, source, [3, 4, 5000], { number: 6000, text: 'changed during the run' });
      await engine.bulk(source, [{ kind: 'delete', id: 'd8' }]);
    }
    await engine.refresh(source);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('sync brings what changed, was added and was deleted, and encodes nothing else', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to });
    await write(engine, source, [0, 1], { text: 'changed' });
    await write(engine, source, [9001], { text: 'new' });
    await engine.bulk(source, [
      { kind: 'delete', id: 'd2' },
      { kind: 'delete', id: 'd5', routing: routingOf(5) },
    ]);
    const encoder = hashingEncoder();
    const result = await sync(engine, source, to, { encoder });
    expect(result).toEqual({ added: 1, updated: 2, deleted: 2, unchanged: DOCUMENTS - 4, failed: 0 });
    expect(encoder.encoded).toBe(3);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('keeps the alias where it is when a document is refused', async () => {
    const [source, to, alias] = [await filled(engine, 20), freshName('copy'), freshName('alias')];
    await engine.request({
      method: 'PUT',
      path: `/${source}/_mapping`,
      body: { properties: { o: { type: 'object', enabled: false } } },
    });
    await engine.bulk(source, [{ kind: 'index', id: 'odd', source: { text: 'fine', o: { a: 1 } } }]);
    await engine.refresh(source);
    const refusals: Refusal[] = [];
    const deadLetters = {
      put: async (some: readonly Refusal[]) => void refusals.push(...some),
      [Symbol.asyncDispose]: async () => {},
    };
    const fails = run(engine, source, { to, alias, deadLetters, textFields: ['o'] });
    await expect(fails).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT' });
    expect(refusals).toMatchObject([{ id: 'odd', type: 'not_text' }]);
    await expect(engine.describeIndex(alias)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('touches no index that it did not make', async () => {
    const [source, other] = [await filled(engine, 3), await filled(engine, 3)];
    await expect(run(engine, source, { to: other })).rejects.toMatchObject({ code: 'NOT_THE_COPY' });
    expect((await call(await url(), 'GET', `/${other}/_count`)).body.count).toBe(3);
  });
});
