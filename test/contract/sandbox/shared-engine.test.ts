import { freshName, onEveryEngine } from '../../support/engines.js';
import { call } from '../../support/http.js';

onEveryEngine('a shared sandbox', (engine) => {
  let url: string;
  beforeAll(async () => {
    url = await engine.url();
  });

  it('is one and the same for everybody who asks', async () => {
    expect(await engine.url()).toBe(url);
  });

  it('listens on loopback only', () => {
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('is the version that was asked for', async () => {
    const { body } = await call(url, 'GET', '/_nodes/_local?filter_path=nodes.*.version');
    expect(Object.values(body.nodes)).toEqual([{ version: engine.version }]);
  });

  it('finds what was indexed', async () => {
    const index = freshName('sandbox');
    await call(url, 'PUT', `/${index}/_doc/1?refresh=true`, { text: 'a quick brown fox' });
    const { body } = await call(url, 'POST', `/${index}/_search`, { query: { match: { text: 'fox' } } });
    expect(body.hits.hits.map((hit: { _id: string }) => hit._id)).toEqual(['1']);
    await call(url, 'DELETE', `/${index}`);
  });
});
