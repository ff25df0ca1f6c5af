import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { everything, filled, run, write } from '../../support/source-index.js';

onEveryEngine('sync', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  it('neither replaces nor deletes what an application has written into the copy', async () => {
    const [source, to, alias] = [await filled(engine, 30), freshName('copy'), freshName('alias')];
    await run(engine, source, { to, alias });
    await engine.bulk(alias, [
      { kind: 'index', id: 'new there', source: { text: 'only in the copy' } },
      { kind: 'index', id: 'd1', source: { text: 'replaced in the copy' } },
      { kind: 'update', id: 'd4', doc: { text: 'changed in part in the copy' } },
      { kind: 'update', id: 'd8', doc: { text: 'changed in part in the copy' } },
    ]);
    await write(engine, source, [1, 2, 4], { text: 'changed in the source' });
    await engine.bulk(source, [
      { kind: 'delete', id: 'd8' },
      { kind: 'delete', id: 'd9' },
    ]);
    const refusals: Refusal[] = [];
    const put = async (some: readonly Refusal[]) => void refusals.push(...some);
    const deadLetters = { put, [Symbol.asyncDispose]: async () => {} };
    const result = await sync(engine, source, to, { encoder: hashingEncoder(), deadLetters });
    expect(result).toEqual({ added: 0, updated: 1, deleted: 1, unchanged: 25, failed: 2, kept: 2 });
    expect(refusals.map(({ id, type }) => [id, type]).sort()).toEqual([
      ['d1', 'written_by_others'],
      ['d4', 'written_by_others'],
    ]);
    const copied = await everything(engine, to);
    expect(copied.get('new there')).toMatchObject({ source: { text: 'only in the copy' } });
    expect(copied.get('d1')).toMatchObject({ source: { text: 'replaced in the copy' } });
    expect(copied.get('d4')).toMatchObject({ source: { text: 'changed in part in the copy' } });
    expect(copied.get('d8')).toMatchObject({ source: { text: 'changed in part in the copy' } });
    expect(copied.get('d2')).toMatchObject({ source: { text: 'changed in the source' } });
    expect(copied.has('d9')).toBe(false);
  });

  it('makes no copy where there is none of that name', async () => {
    const [source, to] = [await filled(engine, 3), freshName('copy')];
    const options = { encoder: hashingEncoder(), textFields: ['text'] };
    await expect(sync(engine, source, to, options)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND', index: to });
    await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('keeps to the query that the copy was made with, and removes what no longer matches it', async () => {
    const [source, to] = [await filled(engine, 30), freshName('copy')];
    // Ten, and d9, which has the numbers 9 and 10.
    const query = { range: { number: { gte: 10, lt: 20 } } };
    expect(await run(engine, source, { to, query })).toMatchObject({ documents: 11, verified: true });
    await write(engine, source, [12], { number: 99 });
    await write(engine, source, [3], { number: 15 });
    const encoder = hashingEncoder();
    const result = await sync(engine, source, to, { encoder });
    expect(result).toEqual({ added: 1, updated: 0, deleted: 1, unchanged: 10, failed: 0, kept: 0 });
    const ids = [...(await everything(engine, to)).keys()].sort();
    expect(ids).toEqual(['d10', 'd11', 'd13', 'd14', 'd15', 'd16', 'd17', 'd18', 'd19', 'd3', 'd9']);
    const other = { range: { number: { gte: 10 } } };
    await expect(sync(engine, source, to, { encoder, query: other })).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
  });
});
