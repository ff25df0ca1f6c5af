import { connect } from '../../../src/engine/connect.js';
import type { Engine, WireRequest } from '../../../src/engine/engine.js';
import { EngineRefused } from '../../../src/engine/engine-faults.js';
import { moveAlias, rollBackAlias } from '../../../src/ingest/reindex/alias.js';
import { changed } from '../../support/changed-engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { filled, run } from '../../support/source-index.js';

onEveryEngine('the alias of a reindex', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** The indices that an alias stands on, with what it says there. */
  async function holders(alias: string) {
    const answer = await engine.request({ method: 'GET', path: `/_alias/${alias}` });
    const entries = Object.entries(answer as Record<string, { aliases: Record<string, unknown> }>);
    return Object.fromEntries(entries.map(([index, { aliases }]) => [index, aliases[alias]]));
  }

  const add = (...adds: object[]) =>
    engine.request({ method: 'POST', path: '/_aliases', body: { actions: adds.map((one) => ({ add: one })) } });

  it('is refused, before anything is made, where it stands on other indices, too', async () => {
    const [first, second] = [await filled(engine, 5), await filled(engine, 5)];
    const [to, alias] = [freshName('copy'), freshName('alias')];
    await add({ index: first, alias, is_write_index: true }, { index: second, alias });
    const before = await holders(alias);
    const refused = { code: 'ALIAS_HAS_OTHERS', others: [second] };
    await expect(run(engine, first, { to, alias })).rejects.toMatchObject(refused);
    expect(await holders(alias)).toEqual(before);
    await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('moves from the source and an earlier copy, and goes back to each with what it said there', async () => {
    const source = await filled(engine, 20);
    const [earlier, to, alias] = [freshName('copy'), freshName('copy'), freshName('alias')];
    await run(engine, source, { to: earlier });
    const filter = { range: { number: { gte: 3 } } };
    await add({ index: source, alias, filter }, { index: earlier, alias, is_write_index: true });
    const before = await holders(alias);
    const { movedFrom } = await run(engine, source, { to, alias });
    expect([...movedFrom!].sort()).toEqual([source, earlier].sort());
    expect(await holders(alias)).toEqual({ [to]: { filter } });
    await rollBackAlias(engine, alias, {});
    expect(await holders(alias)).toEqual(before);
  });

  it('is moved where the engine does so after its answer was given up, and is then asked for it once more', async () => {
    const source = await filled(engine, 5);
    const [to, alias] = [freshName('copy'), freshName('alias')];
    await add({ index: source, alias });
    let attempts = 0;
    const slow = changed(engine, {
      async request(request: WireRequest) {
        if (request.path !== '/_aliases') return engine.request(request);
        if (++attempts === 1) throw new EngineRefused('POST /_aliases', 504, 'gateway_timeout', 'no answer in time');
        // Only now what the first attempt has asked for is done.
        await engine.request(request);
        return engine.request(request);
      },
    });
    const retry = { firstMs: 1, mostMs: 10, patienceMs: 2000 };
    expect(await run(slow, source, { to, alias, retry })).toMatchObject({ verified: true, movedFrom: [source] });
    expect(attempts).toBe(2);
    expect(await holders(alias)).toEqual({ [to]: {} });
    attempts = 0;
    await rollBackAlias(slow, alias, { retry });
    expect(await holders(alias)).toEqual({ [source]: {} });
  });

  it('counts as moved where the answer was lost and nobody waits for another one', async () => {
    const source = await filled(engine, 5);
    const [to, alias] = [freshName('copy'), freshName('alias')];
    await add({ index: source, alias });
    await run(engine, source, { to });
    const loses = changed(engine, {
      async request(request: WireRequest) {
        const answer = await engine.request(request);
        if (request.path !== '/_aliases') return answer;
        throw new EngineRefused('POST /_aliases', 504, 'gateway_timeout', 'no answer in time');
      },
    });
    expect(await moveAlias(loses, alias, { source, to }, {})).toEqual([source]);
    expect(await holders(alias)).toEqual({ [to]: {} });
  });

  it('is not moved back to an index that was deleted since, and says which', async () => {
    const source = await filled(engine, 5);
    const [to, alias] = [freshName('copy'), freshName('alias')];
    await add({ index: source, alias });
    await run(engine, source, { to, alias });
    await engine.deleteIndex(source);
    const refused = { code: 'NOTHING_TO_ROLL_BACK', found: expect.stringContaining(source) };
    await expect(rollBackAlias(engine, alias, {})).rejects.toMatchObject(refused);
    expect(await holders(alias)).toHaveProperty(to);
  });
});
