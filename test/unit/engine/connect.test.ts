import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../../../src/engine/connect.js';
import { nodeAddresses } from '../../../src/engine/node-addresses.js';

type Answer = (path: string) => object | undefined;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that gives these answers by path, 404 for others; and what it was asked. */
async function serving(answer: Answer, headers: Record<string, string> = {}) {
  const asked: { path: string; authorization?: string }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url!, authorization: request.headers.authorization });
    const body = answer(request.url!);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json', connection: 'close', ...headers });
    response.end(JSON.stringify(body ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const openSearch = { version: { distribution: 'opensearch', number: '3.8.0' } };
const root =
  (body: object): Answer =>
  (path) =>
    path === '/' ? body : undefined;
const NOBODY = 'http://127.0.0.1:1';

describe('connecting', () => {
  it('goes on to the next node where the first is down, and names all where all are', async () => {
    const { host } = await serving(root(openSearch));
    await using engine = await connect(`${NOBODY},http://${host}`);
    expect(engine.version).toMatchObject({ flavour: 'opensearch', text: '3.8.0' });
    await expect(connect(`${NOBODY},http://127.0.0.1:2`)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      found: expect.stringMatching(/127\.0\.0\.1:1.*127\.0\.0\.1:2/),
    });
  });

  it.each([
    ['opensearch', openSearch],
    ['elasticsearch', { version: { number: '8.19.0' }, tagline: 'You Know, for Search' }],
  ])("keeps a URL's path, in detection and in every request: %s", async (flavour, body) => {
    const { host, asked } = await serving(() => ({ ...body, count: 1 }), { 'x-elastic-product': 'Elasticsearch' });
    await using engine = await connect(`http://${host}/search/`);
    expect(engine.version.flavour).toBe(flavour);
    await engine.count('books');
    expect(asked.map(({ path }) => path)).toEqual(['/search/', '/search/books/_count']);
  });

  it('knows OpenSearch that says it is Elasticsearch 7.10.2', async () => {
    const { host } = await serving((path) =>
      path === '/'
        ? { version: { number: '7.10.2' }, tagline: 'The OpenSearch Project: https://opensearch.org/' }
        : { nodes: { n: { version: '2.19.5' } } },
    );
    await using engine = await connect(`http://${host}`);
    expect(engine.version).toMatchObject({ flavour: 'opensearch', text: '2.19.5' });
  });

  it('refuses an engine that is too old', async () => {
    const { host } = await serving(root({ version: { number: '7.10.2' }, tagline: 'You Know, for Search' }));
    await expect(connect(`http://${host}`)).rejects.toMatchObject({
      code: 'ENGINE_UNSUPPORTED',
      found: expect.stringContaining('7.10.2'),
    });
  });

  it('sends the credentials of a URL, and keeps them out of what is shown', async () => {
    const { host, asked } = await serving(root(openSearch));
    await using engine = await connect(`http://${host},http://us%40er:pa,ss@${host}`);
    expect(asked[0]!.authorization).toBe(`Basic ${Buffer.from('us@er:pa,ss').toString('base64')}`);
    expect(engine.url).toBe(`http://${host}`);
  });

  it('asks nothing where it is cancelled already', async () => {
    const { host, asked } = await serving(root(openSearch));
    await using engine = await connect(`http://${host}`);
    await expect(engine.count('books', undefined, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(asked).toHaveLength(1);
  });
});

describe('addresses', () => {
  it.each(['htp://user:se-cret@host', 'user:se-cret@host', 'http://user:se-cret@ho st'])(
    'that are no URL are refused, without what may be a password: %s',
    (written) => {
      expect(() => nodeAddresses(written)).toThrow('no http or https URL');
      expect(() => nodeAddresses(written)).not.toThrow('se-cret');
    },
  );

  it('of different users are refused', () => {
    expect(() => nodeAddresses('http://a:se-cret@x,http://b:se-cret@y')).toThrow('different users');
    expect(() => nodeAddresses('http://a:se-cret@x,http://b:se-cret@y')).not.toThrow('se-cret');
  });
});
