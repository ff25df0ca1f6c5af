import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { engineVersion } from '../../../src/dialect/engine-version.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { createGateway } from '../../../src/gateway/gateway.js';
import { headerValue } from '../../../src/gateway/raw-headers.js';
import { expectEndBeside } from '../../support/expect-end-beside.js';
import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyVector } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';

import { until } from '../../support/until.js';

const SEARCH = { query: { match: { title: 'fox' } } };

/** Sends bytes as they are; what came back when the other side closed, or after 300 ms. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', end).on('error', end);
    socket.setTimeout(300, end);
    socket.write(bytes);
  });
}

const failing = {
  ...toyModel(plan),
  encode: () => Promise.reject(new Error('the worker was killed')),
};

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

describe('what is no request for this engine', () => {
  it.each([
    ['a URL of another host', 'GET http://example.com/ HTTP/1.1\r\nhost: example.com\r\n\r\n'],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'],
    ['two lengths', 'POST /a/_search HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde'],
    [
      'a length and chunks',
      'POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n',
    ],
    ['chunks that are none', 'POST /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['an obscure encoding', 'POST /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a header with a line feed', 'GET /a HTTP/1.1\r\nhost: x\r\nx: a\nGET /b HTTP/1.1\r\n\r\n'],
  ])('%s reaches it never', async (_what, bytes) => {
    await using gateway = await gatewayTo(engine);
    const answer = await raw(gateway.url, bytes);
    expect(answer).not.toMatch(/ 200 /);
    expect(engine.asked.filter(({ url, body }) => url === '/b' || body.includes('abc'))).toEqual([]);
    expect((await fetch(`${gateway.url}/good`)).status).toBe(200);
  });

  it('headers of the connection, and those it names, end at the gateway', async () => {
    await using gateway = await gatewayTo(engine);
    await raw(
      gateway.url,
      'GET /a HTTP/1.1\r\nhost: evil\r\nconnection: x-secret, keep-alive\r\nx-secret: 1\r\nx-termweave: off\r\nx-kept: 2\r\n\r\n',
    );
    const [{ headers }] = engine.asked as [(typeof engine.asked)[number]];
    expect(headers).toMatchObject({ host: new URL(engine.url).host, 'x-kept': '2' });
    expect(headers['x-secret'] ?? headers['x-termweave']).toBeUndefined();
  });
});

describe('an engine in trouble', () => {
  it('that ends in the middle of an answer gives a broken answer, not a short one', async () => {
    engine.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"hits":');
      setTimeout(() => response.destroy(), 20);
    };
    await using gateway = await gatewayTo(engine);
    await expect(fetch(`${gateway.url}/a`).then((answer) => answer.text())).rejects.toThrow();
    await expect(gateway.post('/planned/_search', SEARCH).then((answer) => answer.text())).rejects.toThrow();
  });

  it('that is gone is a 502, one that is slow a 504', async () => {
    engine.answer = () => undefined;
    await using slow = await gatewayTo(engine, { limits: { upstreamMs: 100 } });
    expect((await fetch(`${slow.url}/a`)).status).toBe(504);
    const gone = await gatewayTo(engine, { upstream: { url: 'http://127.0.0.1:9' } });
    const answer = await fetch(`${gone.url}/a`);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ status: 502, error: { type: 'upstream_failed' } });
    await gone[Symbol.asyncDispose]();
  });
});

it('asks again over another connection where the engine closed the one that was kept; a write it does not repeat', async () => {
  await using gateway = await gatewayTo(engine);
  let asked = 0;
  const reset = (request: IncomingMessage, response: ServerResponse) => {
    // The second request of a connection finds it closed.
    if (asked++ === 1) request.socket.destroy();
    else response.end('{}');
  };
  for (const [path, status] of [
    ['/planned/_search', 200],
    ['/other/_doc', 502],
  ] as const) {
    asked = 0;
    engine.answer = reset;
    await (await gateway.post(path, SEARCH)).text();
    expect((await gateway.post(path, SEARCH)).status).toBe(status);
  }
});

describe('an encoder in trouble', () => {
  it('leaves searches as they stand and says so, or refuses them', async () => {
    await using lexical = await gatewayTo(engine, { encoder: failing });
    const answer = await lexical.post('/planned/_search', SEARCH);
    expect([answer.status, answer.headers.get('x-termweave-applied')]).toEqual([200, 'lexical']);
    expect(JSON.parse(engine.asked[0]!.body)).toEqual(SEARCH);
    await using strict = await gatewayTo(engine, { encoder: failing, onEncoderFailure: 'refuse' });
    expect((await strict.post('/planned/_search', SEARCH)).status).toBe(503);
  });

  it('writes nothing: neither a document nor a part of a bulk', async () => {
    await using gateway = await gatewayTo(engine, { encoder: failing });
    expect((await gateway.post('/planned/_doc', { title: 'fox', body: 'a' })).status).toBe(503);
    const lines = '{"index":{"_index":"other"}}\n{"a":1}\n{"index":{"_index":"planned"}}\n{"title":"fox","body":"b"}\n';
    expect((await gateway.post('/_bulk', lines)).status).toBe(503);
    expect(engine.asked).toEqual([]);
  });
});

it.each([
  ['/planned/_bulk', '{"index":{}}\n'],
  ['/planned/_bulk', '{"index":null}\n{"title":1}\n'],
  ['/planned/_bulk', '{"query":{"bool":{"must":"x"}}}'],
  ['/planned/_bulk', '{}\n{}\n'],
  ['/planned/_bulk', '{"index":{"_index":5}}\n{"title":"fox"}\n'],
  ['/planned/_bulk', '{"index":{"_index":{"a":1}}}\n{"title":"fox"}\n'],
  ['/planned/_bulk', '{"index":{"_index":[null,["a"]]}}\n{"title":"fox"}\n'],
  ['/planned/_msearch', '{"index":[5,{}]}\n{"query":{"match":{"title":"fox"}}}\n'],
  ['/planned/_update/1', '{"doc":7}'],
  ['/planned/_search', '{"query":[]}'],
  ['/planned/_msearch', '{"index":7}\n{"a":1}\n{}\n'],
])('what is sent wrongly to %s (%s) is never the encoder’s fault', async (path, body) => {
  await using gateway = await gatewayTo(engine);
  const answer = await gateway.post(path, body);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('x-termweave-applied')).not.toBe('lexical');
});

describe('what a client writes, said back in a header', () => {
  // A refusal names `from` as it was written.
  it.each(['\n200', '\u3000200', `${' '.repeat(50_000)}200`])('is printable and short: %j', async (from) => {
    await using gateway = await gatewayTo(engine);
    const answer = await gateway.post('/planned/_search', { from, ...SEARCH }, { 'x-termweave': 'hybrid' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-termweave-reason') ?? '').toMatch(/^[ -~]{0,400}$/);
    expect((await fetch(`${gateway.url}/good`)).status).toBe(200);
  });

  it('keeps what is printable', () => {
    expect(headerValue('from \n200 reaches 東 past')).toBe('from ?200 reaches ? past');
    expect(headerValue('x'.repeat(1_000)).length).toBeLessThan(400);
  });
});

describe('when it ends', () => {
  it.each([
    ['silent', ''],
    ['half a head', 'GET /a HTTP/1.1\r\nhost:'],
    ['half a body', 'POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{'],
    ['used and kept', 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('waits for no connection that is half used: %s', async (_what, bytes) => {
    const gateway = await gatewayTo(engine, { limits: { upstreamMs: 300 } });
    await expectEndBeside(gateway.url, bytes, () => gateway[Symbol.asyncDispose]());
  });

  it('gives the answers that it owes', async () => {
    engine.answer = (_request, response) => void setTimeout(() => response.end('{"late":1}'), 300);
    const gateway = await gatewayTo(engine);
    const owed = fetch(`${gateway.url}/a`).then((answer) => answer.json());
    await until(() => engine.asked.length === 1);
    await gateway[Symbol.asyncDispose]();
    expect(await owed).toEqual({ late: 1 });
  });
});

it('breaks off an answer that cannot be given, and answers the next', async () => {
  const gateway = createGateway({
    upstream: { url: engine.url },
    version: engineVersion('opensearch', '3.8.0'),
    encoder: toyModel(plan),
  });
  let isBroken = true;
  const server = createServer((asked, response) => {
    if (isBroken)
      response.writeHead = () => {
        throw new TypeError('no head for this one');
      };
    isBroken = false;
    gateway.handler(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  await expect(fetch(url)).rejects.toThrow();
  expect((await fetch(url)).status).toBe(200);
  await new Promise((resolve) => server.close(resolve));
  await gateway[Symbol.asyncDispose]();
});

it('bounds what it reads: a search that unpacks to more than its limit is refused', async () => {
  await using gateway = await gatewayTo(engine, { limits: { searchBytes: 1_000_000 } });
  const bomb = gzipSync(Buffer.alloc(200_000_000, ' '));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const answer = await fetch(`${gateway.url}/planned/_search`, { method: 'POST', headers, body: bomb });
  expect(answer.status).toBe(413);
  expect(engine.asked).toEqual([]);
});

it('passes credentials on and logs neither them nor texts', async () => {
  await using gateway = await gatewayTo(engine);
  const authorization = 'Basic c2VjcmV0';
  await gateway.post('/planned/_search?preference=secret', SEARCH, { authorization });
  expect(engine.asked[0]!.headers.authorization).toBe(authorization);
  expect(gateway.log).toEqual([
    {
      method: 'POST',
      path: '/planned/_search',
      status: 200,
      milliseconds: expect.any(Number),
      applied: 'replace',
      reason: undefined,
    },
  ]);
});

it('passes CBOR as it is, and says why', async () => {
  await using gateway = await gatewayTo(engine);
  const answer = await gateway.post('/planned/_search', 'cbor', { 'content-type': 'application/cbor' });
  expect(answer.headers.get('x-termweave-reason')).toBe('content-type');
  expect(engine.asked[0]!.body).toBe('cbor');
});

it('streams a bulk through memory that does not grow with it', async () => {
  let received = 0;
  await using gateway = await gatewayTo(engine);
  engine.answer = (_request, response, body) => {
    received += body.length;
    response.end('{}');
  };
  const item = `{"index":{"_index":"other"}}\n{"text":"${'x'.repeat(10_000)}"}\n`;
  const items = 2_000;
  const started = process.memoryUsage().rss;
  await new Promise<void>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const sent = request(`${gateway.url}/_bulk`, { method: 'POST', headers }, (answer) =>
      answer.resume().on('end', resolve),
    );
    sent.on('error', reject);
    let left = items;
    const more = () => {
      while (left-- > 0) if (!sent.write(item)) return void sent.once('drain', more);
      sent.end();
    };
    more();
  });
  expect(received).toBe(item.length * items);
  // The fake engine holds the 20 MB itself, twice; the gateway in the same process adds slices of a megabyte.
  expect(process.memoryUsage().rss - started).toBeLessThan(150_000_000);
});

it('gives each of many clients its own answer', async () => {
  engine.answer = (request, response) =>
    void setTimeout(() => response.end(request.headers['x-client']), Math.random() * 20);
  await using gateway = await gatewayTo(engine);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const path = i % 2 ? '/planned/_search' : '/other';
      return (await gateway.post(path, SEARCH, { 'x-client': `${i}` })).text();
    }),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
});

it('holds no bulk line past the limit', async () => {
  await using gateway = await gatewayTo(engine, { limits: { documentBytes: 1_000_000 } });
  const bomb = gzipSync(`{"index":{"_index":"planned"}}\n{"title":"${'a'.repeat(50_000_000)}"}\n`);
  const answer = await fetch(`${gateway.url}/_bulk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: bomb,
  });
  expect(answer.status).toBe(413);
});

it('encodes a number in a text field by its digits, and hands it on as it was written', async () => {
  await using gateway = await gatewayTo(engine);
  await gateway.post('/planned/_doc/1', '{"title":1.0}');
  const { body } = engine.asked[0]!;
  expect(body).toContain('"title":1.0');
  const [field] = Object.keys(plan.vectors);
  expect(JSON.parse(body)[field!]).toEqual(storedFeatures(toyVector('1.0'), rankFeatures));
});

it('has no more listeners for an answer on its way than Node takes for sound', async () => {
  engine.answer = (_request, response) => {
    response.write('{');
    setTimeout(() => response.end('}'), 50);
  };
  const gateway = createGateway({
    upstream: { url: engine.url },
    version: engineVersion('opensearch', '3.8.0'),
    encoder: toyModel(plan),
    onAnswered: () => undefined,
  });
  const counts: number[] = [];
  const server = createServer((asked, response) => {
    gateway.handler(asked, response);
    setTimeout(() => counts.push(response.listenerCount('close')), 25);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await (await fetch(`${url}/a`)).text();
  expect(counts[0]).toBeGreaterThan(0);
  expect(counts[0]).toBeLessThanOrEqual(server.getMaxListeners());
  await new Promise((resolve) => server.close(resolve));
  await gateway[Symbol.asyncDispose]();
});
