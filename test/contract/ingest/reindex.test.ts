import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { rollBackAlias } from '../../../src/ingest/reindex/alias.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { call } from '../../support/http.js';
import {
  CHECKED,
  DOCUMENTS,
  everything,
  filled,
  PROPERTIES,
  routingOf,
  run,
  write,
} from '../../support/source-index.js';

onEveryEngine('reindex', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  it('copies every document with its routing, verifies, moves the alias, and moves it back', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    const filter = { range: { number: { gte: 0 } } };
    const actions = [{ add: { index: source, alias, filter } }];
    await engine.request({ method: 'POST', path: '/_aliases', body: { actions } });
    const result = await run(engine, source, { to, alias });
    expect(result).toMatchObject({ done: true, documents: DOCUMENTS, failed: 0, verified: true, movedFrom: [source] });
    expect(result.scores).toBeGreaterThan(300);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
    const { settings, mappings } = await engine.describeIndex(alias);
    const { body } = await call(await url(), 'GET', `/_alias/${alias}`);
    expect(body).toEqual({ [to]: { aliases: { [alias]: { filter } } } });
    expect(mappings.properties).toMatchObject(PROPERTIES);
    expect(settings.index).toMatchObject({ refresh_interval: '7s', number_of_replicas: '0', number_of_shards: '2' });
    expect(await rollBackAlias(engine, alias, {})).toEqual({ alias, from: to, to: [source] });
    expect((await engine.describeIndex(alias)).name).toBe(source);
  });

  it('passes over what is there unchanged: the same call encodes nothing the second time', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to });
    const encoder = hashingEncoder();
    expect(await run(engine, source, { to, encoder })).toMatchObject({ documents: DOCUMENTS, verified: true });
    expect(encoder.encoded).toBe(CHECKED);
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
    expect(result).toEqual({ added: 1, updated: 2, deleted: 2, unchanged: DOCUMENTS - 4, failed: 0, kept: 0 });
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
    await expect(fails).rejects.toMatchObject({ code: 'DOCUMENTS_FAILED', failed: 1 });
    expect(refusals).toMatchObject([{ id: 'odd', type: 'not_text' }]);
    await expect(engine.describeIndex(alias)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('removes what was deleted between an interrupted run and the next', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to });
    await engine.bulk(source, [{ kind: 'delete', id: 'd1' }]);
    await engine.refresh(source);
    expect(await run(engine, source, { to })).toMatchObject({ documents: DOCUMENTS - 1, verified: true });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('refuses an alias that is an index, before it does anything', async () => {
    const [source, other, to] = [await filled(engine, 3), await filled(engine, 3), freshName('copy')];
    await expect(run(engine, source, { to, alias: other })).rejects.toMatchObject({ code: 'ALIAS_IS_INDEX' });
    await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('takes up the documents of the dead letters alone, and then moves the alias', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    await engine.bulk(source, [
      { kind: 'index', id: 'odd', source: { text: 'fine', inner: [{ name: 'x' }] } },
      { kind: 'index', id: 'odder', source: { text: 'fine', inner: [{ name: 'x' }] } },
    ]);
    await engine.refresh(source);
    const textFields = ['text', 'inner'];
    const query = { ids: { values: ['odd', 'odder', 'd3'] } };
    const first = await run(engine, source, { to, textFields, query });
    // d3 has no text: there is no score to compare.
    expect(first).toMatchObject({ documents: 1, failed: 2, verified: false });
    await engine.bulk(source, [{ kind: 'index', id: 'odd', source: { text: 'mended' } }]);
    await engine.refresh(source);
    const encoder = hashingEncoder();
    const retried = run(engine, source, { to, textFields, encoder, alias, again: ['odd', 'odder'] });
    await expect(retried).rejects.toMatchObject({ code: 'DOCUMENTS_FAILED', failed: 1 });
    // Once to be written, and once more by the check; d3 has no text.
    expect(encoder.encoded).toBe(2);
    await engine.bulk(source, [{ kind: 'delete', id: 'odder' }]);
    await engine.refresh(source);
    const last = await run(engine, source, { to, textFields, alias, again: ['odder'] });
    expect(last).toMatchObject({ failed: 0, documents: 2, verified: true });
    expect([...(await everything(engine, to)).keys()].sort()).toEqual(['d3', 'odd']);
    expect((await engine.describeIndex(alias)).name).toBe(to);
  });

  it('leaves a copy that is searched its replicas and its refresh', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to });
    await write(engine, source, [1, 2, 3], { text: 'changed' });
    const seen: unknown[] = [];
    const encoder = hashingEncoder();
    for await (const report of reindex(engine, source, { to, encoder, textFields: ['text'] })) {
      if (!report.done) seen.push((await engine.describeIndex(to)).settings.index);
    }
    expect(seen.length).toBeGreaterThan(0);
    for (const settings of seen) expect(settings).toMatchObject({ refresh_interval: '7s' });
  });

  it('sends no document through the ingest pipelines of the source a second time', async () => {
    const [source, to, pipeline] = [await filled(engine, 20), freshName('copy'), freshName('pipeline')];
    // Of a pipeline that is not there, an engine complains as soon as a document is to go through it.
    const body = { index: { default_pipeline: pipeline, final_pipeline: pipeline } };
    await engine.request({ method: 'PUT', path: `/${source}/_settings`, body });
    await run(engine, source, { to });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('sends no document through the pipelines of an index template either', async () => {
    const [source, to, pipeline] = [await filled(engine, 20), freshName('copy'), freshName('pipeline')];
    const settings = { index: { default_pipeline: pipeline, final_pipeline: pipeline } };
    const path = `/_index_template/${pipeline}`;
    await engine.request({
      method: 'PUT',
      path,
      body: { index_patterns: [to], priority: 900, template: { settings } },
    });
    try {
      expect(await run(engine, source, { to })).toMatchObject({ documents: 20, failed: 0, verified: true });
      // Nor are documents that applications write there later: the source would not do it.
      expect(await engine.bulk(to, [{ kind: 'index', id: 'later', source: {} }])).toMatchObject([{ ok: true }]);
    } finally {
      await engine.request({ method: 'DELETE', path });
    }
  });

  it('checks a copy by texts that the engine cannot search for: nested ones, and ones that are not indexed', async () => {
    const source = freshName('source');
    const comments = { type: 'nested', properties: { text: { type: 'text' } } };
    const properties = { comments, unindexed: { type: 'text', index: false } };
    await engine.createIndex(source, { settings: { index: { number_of_replicas: 0 } }, mappings: { properties } });
    const sourceOf = (i: number) => ({ comments: [{ text: `said ${i}` }, { text: 'words' }], unindexed: `kept ${i}` });
    await engine.bulk(
      source,
      [...Array(30).keys()].map((i) => ({ kind: 'index', id: `d${i}`, source: sourceOf(i) })),
    );
    for (const field of ['comments.text', 'unindexed']) {
      const [to, alias] = [freshName('copy'), freshName('alias')];
      const result = await run(engine, source, { to, alias, textFields: [field] });
      expect(result).toMatchObject({ documents: 30, verified: true });
      expect(result.scores).toBeGreaterThan(0);
    }
  });

  it('touches no index that it did not make', async () => {
    const [source, other] = [await filled(engine, 3), await filled(engine, 3)];
    await expect(run(engine, source, { to: other })).rejects.toMatchObject({ code: 'NOT_THE_COPY' });
    expect((await call(await url(), 'GET', `/${other}/_count`)).body.count).toBe(3);
  });
});
