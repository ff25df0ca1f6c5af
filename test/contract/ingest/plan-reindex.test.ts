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

  it('is refused before anything is made, where it is a query that the engine does not take', async () => {
    const [index, to] = [await filled(engine, 3), freshName('copy')];
    await expect(run(engine, index, { to, query: { nope: {} } })).rejects.toMatchObject({ code: 'QUERY_REFUSED' });
    await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    expect(await run(engine, index, { to, query: { match_all: {} } })).toMatchObject({ documents: 3 });
  });

  describe('is followed by what has an order, as the engine sees it', () => {
    const properties = {
      text: { type: 'text', fields: { raw: { type: 'keyword' } } },
      at: { type: 'date' },
      unset: { type: 'date' },
      address: { type: 'ip' },
      words: { type: 'text', fielddata: true },
      inner: { properties: { size: { type: 'long' } } },
      unsorted: { type: 'long', doc_values: false },
    };
    const source = { text: 'a', at: 1e12, address: '127.0.0.1', words: 'b', inner: { size: 3 }, unsorted: 1, keys: {} };

    async function shop(fill = true) {
      const index = freshName('source');
      const keys = { type: engine.version.flavour === 'opensearch' ? 'flat_object' : 'flattened' };
      await engine.createIndex(index, { mappings: { properties: { ...properties, keys } } });
      if (fill) await engine.bulk(index, [{ kind: 'index', id: 'a', source: { ...source, keys: { rank: '7' } } }]);
      await engine.refresh(index);
      return index;
    }

    it.each(['at', 'unset', 'text.raw', 'address', 'words', 'inner.size'])('%s', async (follow) => {
      const result = await run(engine, await shop(), { to: freshName('copy'), follow });
      expect(result).toMatchObject({ documents: 1, failed: 0, verified: true });
    });

    it('keys.rank, but on Elasticsearch 7, which takes no range of such keys that is open', async () => {
      const running = run(engine, await shop(), { to: freshName('copy'), follow: 'keys.rank' });
      const { flavour, major } = engine.version;
      if (flavour === 'elasticsearch' && major === 7)
        await expect(running).rejects.toMatchObject({ code: 'FOLLOW_FIELD_UNFIT' });
      else expect(await running).toMatchObject({ documents: 1, failed: 0, verified: true });
    });

    it.each(['nofield', 'at.nofield', 'text', 'inner', 'unsorted'])(
      'and not by %s, found before anything is made',
      async (follow) => {
        const to = freshName('copy');
        const fault = { code: 'FOLLOW_FIELD_UNFIT', field: follow };
        await expect(run(engine, await shop(), { to, follow })).rejects.toMatchObject(fault);
        await expect(engine.describeIndex(to)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
      },
    );

    it('or by a field that an index without documents does not have yet', async () => {
      const result = await run(engine, await shop(false), { to: freshName('copy'), follow: 'updated' });
      expect(result).toMatchObject({ documents: 0, failed: 0 });
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
