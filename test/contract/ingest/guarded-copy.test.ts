import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../../src/engine/connect.js';
import type { Engine, Outcome, Snapshot, Write } from '../../../src/engine/engine.js';
import { EngineUnreachable } from '../../../src/engine/engine-faults.js';
import { patient } from '../../../src/ingest/bulk/patient-engine.js';
import { documentsByKey } from '../../../src/ingest/reindex/documents-by-key.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { changed } from '../../support/changed-engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { everything, filled, run, write } from '../../support/source-index.js';

const DOCUMENTS = 60;

onEveryEngine('a copy, guarded', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** An engine in which something happens to an index after it was read and before it is written for the first time. */
  function meanwhile(index: string, happen: () => Promise<unknown>): Engine {
    let isFirst = true;
    return changed(engine, {
      async bulk(into: string, writes: readonly Write[]): Promise<Outcome[]> {
        if (into === index && isFirst) {
          isFirst = false;
          await happen();
        }
        return engine.bulk(into, writes);
      },
    });
  }

  /** An engine whose first answer to writes into an index is lost. */
  function losingAnAnswer(index: string): Engine {
    let isLost = false;
    return changed(engine, {
      async bulk(into: string, writes: readonly Write[]): Promise<Outcome[]> {
        const outcomes = await engine.bulk(into, writes);
        if (into !== index || isLost) return outcomes;
        isLost = true;
        throw new EngineUnreachable(engine.url, 'the answer was lost', undefined);
      },
    });
  }

  it('writes nothing over what others put there between its look and its write', async () => {
    const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
    const foreign: Write = { kind: 'index', id: 'd1', source: { text: 'of an application' } };
    const refusals: Refusal[] = [];
    const put = async (some: readonly Refusal[]) => void refusals.push(...some);
    const deadLetters = { put, [Symbol.asyncDispose]: async () => {} };
    const disturbed = meanwhile(to, () => engine.bulk(to, [foreign]));
    expect(await run(disturbed, source, { to, deadLetters })).toMatchObject({ failed: 1 });
    expect(refusals).toMatchObject([{ id: 'd1', status: 409, type: 'written_by_others' }]);
    expect((await everything(engine, to)).get('d1')).toMatchObject({ source: { text: 'of an application' } });
  });

  it('does not take an index that is gone, or closed, for one whose shards are on their way', async () => {
    const index = await filled(engine, DOCUMENTS);
    const ask = () => documentsByKey(patient(engine), index, [{ id: 'd1' }], undefined);
    await engine.request({ method: 'POST', path: `/${index}/_close` });
    await expect(ask()).rejects.toMatchObject({ code: 'ENGINE_REFUSED', type: 'index_closed_exception' });
    await engine.deleteIndex(index);
    await expect(ask()).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND', index });
  });

  it('writes nothing into an index that is made under its name, by the next write of others, after it was deleted', async () => {
    const [source, to, alias] = [await filled(engine, DOCUMENTS), freshName('copy'), freshName('alias')];
    const disturbed = meanwhile(to, async () => {
      await engine.deleteIndex(to);
      await write(engine, to, [1], { text: 'of an application' });
      // For so long nobody looks again.
      await sleep(1100);
      throw new EngineUnreachable(engine.url, 'it is sent again', undefined);
    });
    await expect(run(disturbed, source, { to, alias })).rejects.toMatchObject({ code: 'RUN_GONE', index: to });
    expect([...(await everything(engine, to)).keys()]).toEqual(['d1']);
    await expect(engine.describeIndex(alias)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('neither replaces nor deletes what others change in a copy that is being synchronised', async () => {
    const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
    await run(engine, source, { to });
    await write(engine, source, [1, 2], { text: 'changed' });
    const byOthers: Write = { kind: 'update', id: 'd1', doc: { text: 'of an application' } };
    const disturbed = meanwhile(to, () => engine.bulk(to, [byOthers]));
    const result = await sync(disturbed, source, to, { encoder: hashingEncoder() });
    expect(result).toMatchObject({ updated: 1, failed: 1 });
    expect((await everything(engine, to)).get('d1')).toMatchObject({ source: { text: 'of an application' } });
  });

  it('takes its own document for written where the answer was lost, and leaves a newer one of another process', async () => {
    const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
    const disturbed = losingAnAnswer(to);
    expect(await run(disturbed, source, { to })).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
    await write(engine, source, [1], { text: 'changed' });
    const overtaken = meanwhile(to, async () => {
      await write(engine, source, [1], { text: 'changed again' });
      await sync(engine, source, to, { encoder: hashingEncoder() });
    });
    await sync(overtaken, source, to, { encoder: hashingEncoder() });
    expect((await everything(engine, to)).get('d1')).toMatchObject({ source: { text: 'changed again' } });
  });

  it('takes a document for deleted where the answer was lost', async () => {
    const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
    await run(engine, source, { to });
    await engine.bulk(source, [{ kind: 'delete', id: 'd1' }]);
    const result = await sync(losingAnAnswer(to), source, to, { encoder: hashingEncoder() });
    expect(result).toMatchObject({ deleted: 1, kept: 0 });
    expect((await everything(engine, to)).has('d1')).toBe(false);
  });

  it('finds vectors that are not those of their texts, and leaves the alias', async () => {
    const [source, to, alias] = [await filled(engine, DOCUMENTS), freshName('copy'), freshName('alias')];
    const [encoder, other] = [hashingEncoder(), hashingEncoder()];
    other.encodeStream = (texts, options) => {
      // What is encoded once more by the check is right again.
      other.encodeStream = encoder.encodeStream;
      return encoder.encodeStream(reversed(texts), options);
    };
    const wrong = run(engine, source, { to, alias, encoder: other });
    await expect(wrong).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT', found: expect.stringContaining('splade') });
    await expect(engine.describeIndex(alias)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('finds that the source has more than was ever read of it', async () => {
    const [source, to, alias] = [await filled(engine, DOCUMENTS), freshName('copy'), freshName('alias')];
    const forgetful = changed(engine, {
      async snapshot(index: string): Promise<Snapshot> {
        const whole = await engine.snapshot(index);
        if (index !== source) return whole;
        const pages: Snapshot['pages'] = async function* (options) {
          for await (const page of whole.pages(options)) yield page.slice(1);
        };
        return { search: whole.search.bind(whole), pages, [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose]() };
      },
    });
    const short = run(forgetful, source, { to, alias });
    await expect(short).rejects.toMatchObject({ code: 'COPY_NOT_RIGHT', found: expect.stringContaining(source) });
    expect(await run(engine, source, { to, alias })).toMatchObject({ documents: DOCUMENTS, verified: true });
  });
});

async function* reversed(texts: AsyncIterable<string> | Iterable<string>) {
  for await (const text of texts) yield text.split(' ').reverse().slice(1).join(' ');
}
