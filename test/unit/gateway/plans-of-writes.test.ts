import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeEngine, gatewayTo, mappings } from '../../support/fake-engine.js';

const DOCUMENT = { title: 'fox', body: 'quick' };
const SEARCH = { query: { match: { title: 'fox' } } };
const BULK = `{"index":{"_index":"books"}}\n${JSON.stringify(DOCUMENT)}\n`;
const PLANNED = { mappings };
const PLANLESS = { mappings: {} };
const applied = (answer: Response) => answer.headers.get('x-termweave-applied');

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

/** What the engine answers about names, by path; 404 besides. */
const describing = (answers: Record<string, object>) => (request: IncomingMessage, response: ServerResponse) =>
  request.url! in answers
    ? response.end(JSON.stringify(answers[request.url!]))
    : response.writeHead(404).end('{"status":404}');
const written = () => engine.asked.map(({ body }) => body).join('');

describe('a plan that could not be read is not taken for none', () => {
  it.each([401, 403, 429, 503])('by a write, where the engine answers %i', async (status) => {
    await using gateway = await gatewayTo(engine);
    engine.describe = (_request, response) => response.writeHead(status).end('{}');
    for (const [path, body] of [
      ['/books/_doc/1', DOCUMENT],
      ['/_bulk', BULK],
    ] as const) {
      const answer = await gateway.post(path, body);
      expect(answer.status).toBe(status);
      expect(await answer.text()).toMatch(/mapping could not be read/);
    }
    expect(written()).not.toContain('fox');
  });

  it('nor where the answer is no mapping', async () => {
    await using gateway = await gatewayTo(engine);
    engine.describe = (_request, response) => response.end('<html>');
    expect((await gateway.post('/books/_doc/1', DOCUMENT)).status).toBe(502);
    expect(engine.asked).toEqual([]);
  });

  it('searches are asked by words, and say why', async () => {
    await using gateway = await gatewayTo(engine);
    engine.describe = (_request, response) => response.writeHead(403).end('{}');
    const answer = await gateway.post('/books/_search', SEARCH);
    expect([answer.status, answer.headers.get('x-termweave-reason')]).toEqual([200, 'PLAN_UNREAD']);
    expect(JSON.parse(engine.asked[0]!.body)).toEqual(SEARCH);
  });

  it('and is read with every credential of the request, whatever header it is in', async () => {
    await using gateway = await gatewayTo(engine);
    engine.describe = ({ headers }, response) =>
      headers['x-proxy-user'] === 'me'
        ? response.end(JSON.stringify({ books: PLANNED }))
        : response.writeHead(401).end();
    const answer = await gateway.post('/books/_doc/1', DOCUMENT, { 'x-proxy-user': 'me' });
    expect([answer.status, applied(answer)]).toEqual([200, 'vectors']);
  });

  it('but an index that is not there has none', async () => {
    await using gateway = await gatewayTo(engine);
    const answer = await gateway.post('/books/_doc/1', DOCUMENT);
    expect([answer.status, applied(answer), JSON.parse(written())]).toEqual([200, 'none', DOCUMENT]);
  });
});

it.each([
  ['/books/_doc/1', DOCUMENT],
  ['/_bulk', BULK],
] as const)(
  'a write by %s gets its vectors when the alias has moved to a planned index since it was searched',
  async (path, body) => {
    await using gateway = await gatewayTo(engine);
    engine.describe = describing({ '/books/_mapping': { old: PLANLESS } });
    expect(applied(await gateway.post('/books/_search', SEARCH))).toBe('none');
    expect(applied(await gateway.post(path, body))).toBe('none');
    engine.describe = describing({ '/books/_mapping': { splade: PLANNED } });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(applied(await gateway.post(path, body))).toBe('vectors');
    expect(written()).toContain('"splade_title"');
  },
);

it.each([
  ['/planned/_doc/1', { year: 1999 }],
  ['/planned/_update/1', { script: 'ctx._source.year++' }],
  ['/planned/_bulk', '{"delete":{"_id":"1"}}\n{"index":{}}\n{"year":1999}\n'],
])('a write to %s without a text says that nothing was done, and stays as it is', async (path, body) => {
  await using gateway = await gatewayTo(engine);
  expect(applied(await gateway.post(path, body))).toBe('none');
  expect(written()).toBe(typeof body === 'string' ? body : JSON.stringify(body));
});

it('asks for a mapping once in a second, however many writes and slices there are', async () => {
  await using gateway = await gatewayTo(engine);
  const started = performance.now();
  await (await gateway.post('/_bulk', '{"index":{"_index":"planned"}}\n{"title":"fox"}\n'.repeat(2_000))).text();
  for (let i = 0; i < 20; i++) await gateway.post('/planned/_doc/1', DOCUMENT);
  const seconds = Math.ceil((performance.now() - started) / 1_000);
  expect(engine.mappingsAsked).toBeGreaterThan(0);
  expect(engine.mappingsAsked).toBeLessThanOrEqual(seconds);
});

describe('an alias over an old index and a planned one', () => {
  const both = { old: PLANLESS, splade: PLANNED };
  const writtenTo = (index: string) => ({ [index]: { aliases: { books: { is_write_index: true } } } });

  it.each([
    ['splade', 'vectors'],
    ['old', 'none'],
  ])('that is written to %s gives documents %s', async (index, what) => {
    await using gateway = await gatewayTo(engine);
    const aliases = { old: { aliases: { books: {} } }, splade: { aliases: { books: {} } }, ...writtenTo(index) };
    engine.describe = describing({ '/books/_mapping': both, '/_alias/books': aliases });
    for (const [path, body] of [
      ['/books/_doc/1', DOCUMENT],
      ['/_bulk', BULK],
    ] as const) {
      const answer = await gateway.post(path, body);
      expect([answer.status, applied(answer)]).toEqual([200, what]);
    }
  });

  it('that is a data stream is written to at its end', async () => {
    await using gateway = await gatewayTo(engine);
    const stream = { data_streams: [{ indices: [{ index_name: 'old' }, { index_name: 'splade' }] }] };
    engine.describe = describing({ '/books/_mapping': both, '/_data_stream/books': stream });
    expect(applied(await gateway.post('/books/_create/1', DOCUMENT))).toBe('vectors');
  });

  it('of which the engine does not say which is written to refuses writes', async () => {
    await using gateway = await gatewayTo(engine);
    engine.describe = describing({ '/books/_mapping': both, '/_alias/books': { old: {}, splade: {} } });
    const answer = await gateway.post('/books/_doc/1', DOCUMENT);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toMatch(/is_write_index/);
    expect(engine.asked).toEqual([]);
  });
});
