import { connect } from '../../../src/engine/connect.js';
import type { Engine, Write } from '../../../src/engine/engine.js';
import { prepareNotes } from '../../../src/ingest/reindex/notes.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { claimRun, joinRun, stepOn } from '../../../src/ingest/reindex/runs.js';
import { changed } from '../../support/changed-engine.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { DOCUMENTS, everything, filled, run, write } from '../../support/source-index.js';

const first = { part: 0, of: 2 };
const second = { part: 1, of: 2 };

onEveryEngine('reindex in slices', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  const settingsOf = async (index: string) => (await engine.describeIndex(index)).settings.index;

  it('gives the index that one slice gives, and one of them moves the alias', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    const [a, b] = await Promise.all([
      run(engine, source, { to, alias, slice: first }),
      run(engine, source, { to, alias, slice: second }),
    ]);
    expect(a.documents + b.documents).toBe(DOCUMENTS);
    expect([a.verified, b.verified].filter(Boolean)).toHaveLength(1);
    expect((await engine.describeIndex(alias)).name).toBe(to);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('tells which slices have not begun, and of a copy that nobody is making', async () => {
    const [source, to] = [await filled(engine, 30), freshName('copy')];
    await run(engine, source, { to, slice: { part: 1, of: 3 } });
    const status = async (copy: string) => termweave(['reindex', 'status', copy, '--json', '--url', await url()]);
    const { stdout } = await status(to);
    const slices = [{ part: 2, of: 3, state: 'done' }];
    expect(JSON.parse(stdout)).toMatchObject({ source, state: 'loading', missing: ['1/3', '3/3'], running: 0, slices });
    for (const part of [0, 2]) await run(engine, source, { to, slice: { part, of: 3 } });
    const whole = { state: 'done', missing: [], documents: 30, failed: 0 };
    expect(JSON.parse((await status(to)).stdout)).toMatchObject(whole);
    const mistyped = await status(`${to}x`);
    expect(mistyped.exitCode).not.toBe(0);
    expect(`${mistyped.stdout}${mistyped.stderr}`).toContain('NO_RUN_OF_COPY');
  });

  it('reads the same parts before and after merges have moved the documents', async () => {
    const [source, to] = [await filled(engine, 1000), freshName('copy')];
    await run(engine, source, { to, slice: first });
    const gone = [...Array(300).keys()].map((i) => `d${3 * i}`);
    await engine.bulk(
      source,
      gone.map((id) => ({ kind: 'delete', id })),
    );
    await engine.request({ method: 'POST', path: `/${source}/_forcemerge`, query: { max_num_segments: '1' } });
    await engine.refresh(source);
    expect(await run(engine, source, { to, slice: second })).toMatchObject({ waitingFor: 0 });
    const [copied, left] = [await everything(engine, to), await everything(engine, source)];
    expect([...left.keys()].filter((id) => !copied.has(id))).toEqual([]);
  });

  it('keeps the loading settings while another slice loads', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    const options = { to, encoder: hashingEncoder(), textFields: ['text'], batchBytes: 4000, slice: first };
    let other: unknown;
    for await (const report of reindex(engine, source, options)) {
      if (report.done || other) continue;
      other = await run(engine, source, { to, slice: second });
      expect(await settingsOf(to)).toMatchObject({ refresh_interval: '-1' });
    }
    expect(other).toMatchObject({ verified: false, waitingFor: 1 });
    expect(await settingsOf(to)).toMatchObject({ refresh_interval: '7s' });
  });

  it('counts nothing of an earlier run in the next one', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to, slice: first });
    expect(await run(engine, source, { to, slice: second })).toMatchObject({ verified: true });
    await write(engine, source, [...Array(DOCUMENTS).keys()], { text: 'changed' });
    expect(await run(engine, source, { to, slice: first })).toMatchObject({ verified: false, waitingFor: 1 });
    expect(await run(engine, source, { to, slice: second })).toMatchObject({ verified: true, waitingFor: 0 });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('follows from where the source stood when the first slice began', async () => {
    const [source, to] = [await filled(engine), freshName('copy')];
    await run(engine, source, { to, slice: first, follow: '_seq_no' });
    await write(engine, source, [...Array(20).keys()], { text: 'changed between the slices' });
    const last = await run(engine, source, { to, slice: second, follow: '_seq_no' });
    expect(last).toMatchObject({ verified: true });
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
  });

  it('leaves the copy as the source is where two processes of one slice end at once', async () => {
    const [source, to, alias] = [await filled(engine), freshName('copy'), freshName('alias')];
    /** It has read documents that the source loses before they are written. */
    const twin = (gone: readonly string[]) => {
      let isFirst = true;
      const overtaken = changed(engine, {
        async bulk(into: string, writes: readonly Write[]) {
          if (into !== to || !isFirst) return engine.bulk(into, writes);
          isFirst = false;
          await engine.bulk(
            source,
            gone.map((id) => ({ kind: 'delete', id })),
          );
          return engine.bulk(into, writes);
        },
      });
      return run(overtaken, source, { to, alias, follow: '_seq_no', batchBytes: 4000 });
    };
    await Promise.all([twin(['d1', 'd4']), twin(['d3', 'd7'])]);
    expect(await everything(engine, to)).toEqual(await everything(engine, source));
    expect((await engine.describeIndex(alias)).name).toBe(to);
  });

  it('lets one of two finish, and stops the one whose claim was taken over', async () => {
    const copy = freshName('copy');
    await prepareNotes(engine, {});
    const runs = await Promise.all(
      [1, 2].map(() => joinRun(engine, copy, { of: 2, source: 's', sourceUuid: 't', uuid: 'u' }, {})),
    );
    expect(runs[0]).toEqual(runs[1]);
    const claims = await Promise.all([1, 2].map((part) => claimRun(engine, copy, runs[0]!, part, {})));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const claimed = claims.find(Boolean)!;
    await new Promise((done) => setTimeout(done, 5));
    const again = await claimRun(engine, copy, runs[0]!, claimed.by!, {});
    expect(await stepOn(engine, copy, claimed, { state: 'finishing' }, {})).toBeUndefined();
    expect(await stepOn(engine, copy, again!, { state: 'done' }, {})).toMatchObject({ state: 'done' });
    expect(await joinRun(engine, copy, { of: 2, source: 's', sourceUuid: 't', uuid: 'u' }, {})).toMatchObject({
      number: 2,
    });
  });
});
