import type { IncomingMessage, ServerResponse } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import { AnsweredItems } from '../../../src/gateway/answered-items.js';
import { WrittenPlaces } from '../../../src/gateway/written-places.js';
import { FakeEngine, gatewayTo, mappings } from '../../support/fake-engine.js';

const DOCUMENT = { title: 'fox', body: 'quick' };

describe('the items of an answer', () => {
  const items = [
    { index: { _index: 'books', _id: 'a"}],[{"', status: 201 } },
    { update: { _index: 'books', _id: '東', status: 200, get: { _source: { deep: [{ _id: 'not this' }] } } } },
    { create: { _index: 'books', _id: 'c', status: 409, error: { type: '}', reason: '\\' } } },
    { index: { _index: 'books', _id: null, status: 400, error: {} } },
    { delete: { _index: 'books', _id: 'd', status: 404 } },
  ];
  const [first, second] = ['a"}],[{"', '東'].map((id) => ({ index: 'books', id }));
  const answer = Buffer.from(JSON.stringify({ took: 1, errors: true, items, ingest_took: 0 }));

  it.each([1, 2, 3, 7, 64, 1_000])('are the same in pieces of %i bytes', (size) => {
    const read = new AnsweredItems('bulk');
    const seen = [];
    for (let at = 0; at < answer.length; at += size) seen.push(...read.see(answer.subarray(at, at + size)));
    expect(seen).toEqual([first, second, undefined, undefined, undefined]);
  });

  it('are one for a document, and none in what is no JSON', () => {
    const see = (text: string) => new AnsweredItems('document').see(Buffer.from(text));
    expect(see('{ "_index" : "books", "_id": "1", "_shards": {"total": 1}, "result": "created" }')).toEqual([
      { index: 'books', id: '1' },
    ]);
    expect(see('<html>')).toEqual([]);
    expect(see('{nothing}')).toEqual([undefined]);
  });
});

it('the places of a bulk come back in their order, runs or not', () => {
  const [a, b] = [{ plan: {} }, { plan: {}, routing: 'r' }];
  const written = [a, a, undefined, b, b, b, a];
  const places = new WrittenPlaces();
  for (const place of written) places.add(place && { ...place });
  expect(written.map(() => places.take())).toEqual(written);
  expect(places.take()).toBeUndefined();
});

describe('a document that the engine put into another index', () => {
  let engine: FakeEngine;
  let refused: number | undefined;
  beforeEach(async () => {
    refused = undefined;
    engine = await FakeEngine.start();
    engine.describe = (request, response) =>
      request.url === '/books/_mapping'
        ? response.end(JSON.stringify({ old: { mappings: {} } }))
        : response.end(JSON.stringify({ splade: { mappings } }));
    const answers: [RegExp, (body: string) => object][] = [
      [/_mget$/, () => ({ docs: [{ found: true, _source: DOCUMENT, _seq_no: 7, _primary_term: 3 }] })],
      [/^\/splade\/_bulk/, () => ({ items: [{ update: { status: refused ?? 200 } }] })],
      [/_doc/, () => ({ _index: 'splade', _id: '1', result: 'created' })],
    ];
    engine.answer = (request: IncomingMessage, response: ServerResponse, body: string) => {
      const [, answer] = answers.find(([path]) => path.test(request.url!))!;
      response.end(JSON.stringify(answer(body)));
    };
  });
  afterEach(() => engine[Symbol.asyncDispose]());

  it('is changed only in the state in which it was read, with the rights of its client and the refresh it asked for', async () => {
    await using gateway = await gatewayTo(engine);
    const answer = await gateway.post('/books/_doc/1?refresh=wait_for&routing=r', DOCUMENT, {
      authorization: 'Basic x',
    });
    expect([answer.status, answer.headers.get('x-termweave-applied')]).toEqual([200, 'vectors']);
    const [, read, update] = engine.asked;
    expect(JSON.parse(read!.body)).toEqual({ docs: [{ _id: '1', routing: 'r' }] });
    expect(update!.url).toBe('/splade/_bulk?refresh=wait_for');
    const [action, doc] = update!.body.split('\n').map((line) => line && JSON.parse(line));
    expect(action).toEqual({ update: { _id: '1', routing: 'r', if_seq_no: 7, if_primary_term: 3 } });
    expect(Object.keys(doc.doc)).toEqual(['splade', 'splade_title']);
    expect(engine.asked.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Basic x'));
  });

  it.each([404, 409])('is left to whoever changed or deleted it meanwhile (%i)', async (status) => {
    refused = status;
    await using gateway = await gatewayTo(engine);
    expect((await gateway.post('/books/_doc/1', DOCUMENT)).status).toBe(200);
  });

  it.each([400, 403, 429, 503])('and cannot be changed (%i) is told to its client', async (status) => {
    refused = status;
    await using gateway = await gatewayTo(engine);
    const answer = await gateway.post('/books/_doc/1', DOCUMENT);
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining(`splade: ${status}`)]);
  });

  it.each(['gzip', 'deflate'] as const)(
    'is seen in an answer that is compressed by %s, which stays so',
    async (encoding) => {
      const { answer } = engine;
      engine.answer = (request, response, body) => {
        if (!request.url!.includes('_doc')) return answer(request, response, body);
        const plain = JSON.stringify({ _index: 'splade', _id: '1', result: 'created' });
        response.writeHead(201, { 'content-encoding': encoding });
        response.end(encoding === 'gzip' ? gzipSync(plain) : deflateSync(plain));
      };
      await using gateway = await gatewayTo(engine);
      const given = await gateway.post('/books/_doc/1', DOCUMENT, { 'accept-encoding': 'br, gzip' });
      expect([given.headers.get('content-encoding'), await given.json()]).toMatchObject([encoding, { _id: '1' }]);
      expect(engine.asked[0]!.headers['accept-encoding']).toBe('gzip');
      expect(engine.asked.map(({ url }) => url)).toContain('/splade/_bulk');
    },
  );

  it('keeps what it has while the engine does not say what plan its index has', async () => {
    await using gateway = await gatewayTo(engine);
    const { describe } = engine;
    engine.describe = (request, response) =>
      request.url === '/splade/_mapping' ? response.writeHead(503).end() : describe(request, response);
    expect((await gateway.post('/books/_doc/1', DOCUMENT)).status).toBe(503);
    expect(engine.asked).toHaveLength(1);
  });

  it('costs an engine whose names stay where they are nothing', async () => {
    await using gateway = await gatewayTo(engine);
    engine.describe = (_request, response) => response.end(JSON.stringify({ splade: { mappings } }));
    for (let i = 0; i < 3; i++) await gateway.post('/books/_doc/1', DOCUMENT);
    expect(engine.asked.map(({ url }) => url)).toEqual(Array(3).fill('/books/_doc/1'));
  });

  it('breaks off an answer that has begun, where it cannot be mended', async () => {
    refused = 403;
    const { answer } = engine;
    engine.answer = (request, response, body) => {
      if (request.url !== '/books/_bulk') return answer(request, response, body);
      const item = { index: { _index: 'splade', _id: '1', status: 201, _pad: 'x'.repeat(100_000) } };
      response.end(JSON.stringify({ errors: false, items: Array(20).fill(item) }));
    };
    await using gateway = await gatewayTo(engine);
    const bulk = `{"index":{"_id":"1"}}\n${JSON.stringify(DOCUMENT)}\n`.repeat(20);
    await expect(gateway.post('/books/_bulk', bulk).then((given) => given.text())).rejects.toThrow();
  });
});
