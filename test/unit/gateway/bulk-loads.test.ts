import { type ClientRequest, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';
import { until } from '../../support/until.js';

const SEARCH = { query: { match: { title: 'fox' } } };
const ITEM = '{"index":{}}\n{"title":"fox"}\n';
const toy = toyModel(plan);
const applied = (answer: Response) => answer.headers.get('x-termweave-applied');
const elapsed = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

/** A bulk of which an item is sent, and no end. */
function openBulk(url: string): ClientRequest {
  const bulk = request(`${url}/planned/_bulk`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } });
  bulk.on('error', () => undefined);
  bulk.write(ITEM);
  return bulk;
}

it('an encoder that takes longer than the engine may is no time of the engine’s', async () => {
  const slow: typeof toy = { ...toy, encode: (texts, asked) => elapsed(400).then(() => toy.encode(texts, asked)) };
  await using gateway = await gatewayTo(engine, { encoder: slow, limits: { upstreamMs: 150 } });
  const answer = await gateway.post('/planned/_bulk', ITEM.repeat(300));
  expect([answer.status, applied(answer)]).toEqual([200, 'vectors']);
  expect(engine.asked[0]!.body.match(/"splade_title"/g)).toHaveLength(300);
});

it('an engine that does not answer a bulk in its time is a 504', async () => {
  engine.answer = () => undefined;
  await using gateway = await gatewayTo(engine, { limits: { upstreamMs: 150 } });
  expect((await gateway.post('/planned/_bulk', ITEM)).status).toBe(504);
});

it('an engine that takes no more of a bulk is a 504', async () => {
  const deaf = createServer((socket) => void socket.pause().on('error', () => undefined));
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
  await using gateway = await gatewayTo(engine, {
    upstream: { url },
    plans: new Map([['planned', null]]),
    limits: { upstreamMs: 150 },
  });
  const bulk = openBulk(gateway.url);
  bulk.write(`{"index":{}}\n{"title":"${'x'.repeat(30_000_000)}"}\n`);
  const status = await new Promise((resolve) => bulk.on('response', (answer) => resolve(answer.statusCode)));
  expect(status).toBe(504);
  bulk.destroy();
  deaf.close();
});

it('a bulk that stalls on its way is a 408', async () => {
  await using gateway = await gatewayTo(engine, { limits: { stalledMs: 150 } });
  const bulk = openBulk(gateway.url);
  const status = await new Promise((resolve) => bulk.on('response', (answer) => resolve(answer.statusCode)));
  expect(status).toBe(408);
  expect(engine.asked).toEqual([]);
  bulk.destroy();
});

it('bulks that are on their way take no place of searches and documents', async () => {
  await using gateway = await gatewayTo(engine, { limits: { concurrent: 2 } });
  const bulks = [openBulk(gateway.url), openBulk(gateway.url)];
  await elapsed(100);
  expect(applied(await gateway.post('/planned/_search', SEARCH))).toBe('replace');
  expect((await gateway.post('/planned/_doc/1', { title: 'fox', body: 'quick' })).status).toBe(200);
  for (const bulk of bulks) bulk.destroy();
});

describe('where every place is taken', () => {
  const held: (() => void)[] = [];
  const holding: typeof toy = {
    ...toy,
    encode: (texts, asked) => new Promise<void>((go) => void held.push(go)).then(() => toy.encode(texts, asked)),
  };

  it('a bulk waits, and a document is told when to come again', async () => {
    await using gateway = await gatewayTo(engine, { encoder: holding, limits: { concurrent: 1 } });
    const first = gateway.post('/planned/_bulk', ITEM);
    await until(() => held.length === 1);
    const second = gateway.post('/planned/_bulk', ITEM);
    await elapsed(100);
    const refused = await gateway.post('/planned/_doc/1', { title: 'fox', body: 'quick' });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 1]);
    expect(held).toHaveLength(1);
    held.shift()!();
    expect((await first).status).toBe(200);
    await until(() => held.length === 1);
    held.shift()!();
    expect(applied(await second)).toBe('vectors');
  });
});

it('tells the encoder when a client has left', async () => {
  let signal: AbortSignal | undefined;
  const watching: typeof toy = {
    ...toy,
    encode: (_texts, asked) => {
      signal = asked?.signal;
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal!.reason)));
    },
  };
  await using gateway = await gatewayTo(engine, { encoder: watching });
  const bulk = openBulk(gateway.url);
  bulk.end();
  await until(() => signal !== undefined);
  expect(signal!.aborted).toBe(false);
  bulk.destroy();
  await until(() => signal!.aborted);
});

it.each([
  ['/planned/_bulk', '{"index":{}}\n{"title":"fox"}\n', /of 29 bytes its vectors made \d+.*http.max_content_length/],
  ['/planned/_doc', '{"title":"fox"}', /of 15 bytes its vectors made \d+/],
  ['/planned/_bulk', '{"index":{}}\n{"year":1}\n', /^the engine's own words$/],
])('a write that its vectors make too large for the engine is told so: %s %s', async (path, body, told) => {
  await using gateway = await gatewayTo(engine);
  engine.answer = (_request, response) => response.writeHead(413).end("the engine's own words");
  const answer = await gateway.post(path, body);
  expect([answer.status, await answer.text()]).toEqual([413, expect.stringMatching(told)]);
});
