import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { mustBeUsableName } from '../../../src/engine/index-name.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { filled, run } from '../../support/source-index.js';

onEveryEngine('what is asked of a reindex', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  it('is refused before anything is made, where it is a query or a field to follow that the engine does not take', async () => {
    const [index, to] = [await filled(engine, 3), freshName('copy')];
    await expect(run(engine, index, { to, query: { nope: {} } })).rejects.toMatchObject({ code: 'QUERY_REFUSED' });
    await expect(run(engine, index, { to, follow: 'text' })).rejects.toMatchObject({ code: 'FOLLOW_FIELD_UNFIT' });
    await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    expect(await run(engine, index, { to, query: { match_all: {} }, follow: 'number' })).toMatchObject({
      documents: 3,
    });
  });

  it('has names that the engine takes: those that we refuse it refuses, too', async () => {
    const index = await filled(engine, 1);
    const refused = [
      'a b',
      'a*',
      'a"b',
      'a,b',
      'a#b',
      'a:b',
      '_a',
      '-a',
      '+a',
      '..',
      'a\\b',
      'a|b',
      'a>b',
      'a?b',
      'ä'.repeat(128),
    ];
    for (const name of refused) {
      expect(() => mustBeUsableName('alias', name)).toThrow(expect.objectContaining({ code: 'NAME_UNUSABLE' }));
      await expect(engine.createIndex(name, {})).rejects.toMatchObject({ status: 400 });
      await expect(alias(index, name)).rejects.toMatchObject({ status: 400 });
    }
    const capital = freshName('Alias');
    await expect(engine.createIndex(capital, {})).rejects.toMatchObject({ status: 400 });
    mustBeUsableName('alias', capital);
    await alias(index, capital);
  });

  function alias(index: string, name: string) {
    const actions = [{ add: { index, alias: name } }];
    return engine.request({ method: 'POST', path: '/_aliases', body: { actions } });
  }

  it('is refused by name where there is none', async () => {
    const fault = { code: 'NAME_UNUSABLE' };
    await expect(engine.describeIndex('')).rejects.toMatchObject(fault);
  });
});
