import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { FakeEngine, gatewayTo } from '../../support/fake-engine.js';

/** `TERMWEAVE_FUZZED_REQUESTS=10000` for the whole trial. */
const FUZZED = Number(process.env.TERMWEAVE_FUZZED_REQUESTS ?? 1_000);
const SLOW_CLIENTS = 1_000;
const AT_ONCE = 16;

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

const words = fc.constantFrom(
  'query',
  'match',
  'title',
  'bool',
  'must',
  'pit',
  'id',
  'doc',
  'index',
  '_index',
  'planned',
  'fox',
  '__proto__',
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.constantFrom(null, true, 7, -1, 1e308, '', '\u0000', '東'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 3 }),
  ),
}));
const json = tree.map((value) => JSON.stringify(value));
const lines = fc.array(fc.oneof(json, fc.string()), { maxLength: 6 }).map((all) => `${all.join('\n')}\n`);
const steps = fc.constantFrom(
  ...[
    'planned',
    'other',
    '_all',
    '*',
    '..',
    '%2e%2e',
    '%zz',
    '%00',
    'a,planned',
    'planned,other',
    '_search',
    '_msearch',
    '_bulk',
  ],
  ...[
    '_doc',
    '1',
    '_update',
    '_create',
    '_pit',
    'template',
    'scroll',
    'point_in_time',
    '_async_search',
    '_count',
    '_termweave',
    'health',
  ],
);
const fuzzed = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'BREW'),
  path: fc.array(steps, { maxLength: 5 }).map((all) => `/${all.join('/')}`),
  query: fc.constantFrom(
    '',
    '?',
    '?explain',
    '?q=a',
    '?size=x&from=-1',
    '?scroll=1m',
    '?a=%zz',
    `?${'x'.repeat(2_000)}`,
  ),
  type: fc.constantFrom(
    'application/json',
    'application/x-ndjson',
    'application/cbor',
    'text/plain',
    'application/vnd.elasticsearch+json;compatible-with=8',
    '',
  ),
  encoding: fc.constantFrom('', '', '', 'gzip', 'deflate', 'br', 'x'),
  header: fc.constantFrom(
    '',
    '',
    '',
    'x-termweave: add',
    'x-termweave: hybrid',
    'x-termweave: ?',
    'expect: 100-continue',
    'connection: close, x-a',
    'upgrade: h2c',
  ),
  body: fc.oneof(json, lines, fc.string(), fc.constant(`${'['.repeat(5_000)}`)),
  framing: fc.constantFrom('length', 'length', 'length', 'chunks', 'too long', 'too short', 'both', 'none'),
});
type Fuzzed = typeof fuzzed extends fc.Arbitrary<infer T> ? T : never;

function bytesOf({ method, path, query, type, encoding, header, body, framing }: Fuzzed, mark: string): string {
  const length = Buffer.byteLength(body);
  const chunked = `${length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const framed: Record<typeof framing, [string, string]> = {
    length: [`content-length: ${length}`, body],
    chunks: ['transfer-encoding: chunked', chunked],
    'too long': [`content-length: ${length + 10}`, body],
    'too short': [`content-length: ${Math.max(0, length - 3)}`, body],
    both: [`content-length: ${length}\r\ntransfer-encoding: chunked`, chunked],
    none: ['x-nothing: 1', body],
  };
  const [frame, sent] = framed[framing];
  const headers = [
    `host: x`,
    `x-mark: ${mark}`,
    type && `content-type: ${type}`,
    encoding && `content-encoding: ${encoding}`,
    header,
    frame,
  ];
  return `${method} ${path}${query} HTTP/1.1\r\n${headers.filter((line) => line !== '').join('\r\n')}\r\n\r\n${sent}`;
}

/** Sends bytes; what came until the other side closed, or was quiet for a while after an answer. */
function exchanged(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (piece) => {
      answer += piece;
      socket.setTimeout(20, end);
    });
    socket.on('close', end).on('error', end);
    socket.setTimeout(250, end);
    socket.write(bytes);
  });
}

it(`survives ${FUZZED} fuzzed requests, and gives none of them another's answer`, async () => {
  engine.answer = (request, response) => response.end(JSON.stringify({ took: 1, mark: request.headers['x-mark'] }));
  await using gateway = await gatewayTo(engine, { limits: { headersMs: 500 } });
  const port = Number(new URL(gateway.url).port);
  const requests = fc.sample(fuzzed, { numRuns: FUZZED, seed: 20_261 });
  const seen = new Map<string, number>();
  let next = 0;
  const client = async () => {
    for (let i = next++; i < requests.length; i = next++) {
      const answer = await exchanged(port, bytesOf(requests[i]!, `m${i}`));
      const status = /^HTTP\/1\.1 (\d)/.exec(answer)?.[1] ?? 'none';
      seen.set(status, (seen.get(status) ?? 0) + 1);
      // What follows a body that is too short is read as a request of its own, and refused; no other mark may ever come.
      for (const [, mark] of answer.matchAll(/"mark":"(m\d+)"/g)) expect(mark).toBe(`m${i}`);
      expect(answer).not.toMatch(/gateway_defect|node:|\.js:\d/);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  expect((await fetch(`${gateway.url}/_termweave/health`)).status).toBe(200);
  expect(seen.get('5') ?? 0).toBe(0);
  // A fuzzer whose requests all break off, or all pass, would show little.
  expect(Math.min(seen.get('2') ?? 0, seen.get('4') ?? 0)).toBeGreaterThan(FUZZED / 20);
}, 300_000);

it(`holds ${SLOW_CLIENTS} slow clients, and answers a quick one meanwhile`, async () => {
  await using gateway = await gatewayTo(engine);
  const port = Number(new URL(gateway.url).port);
  const body = JSON.stringify({ query: { match: { title: 'fox' } } });
  const [first, rest] = [body.slice(0, 10), body.slice(10)];
  const open = () =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        const head = `POST /planned/_search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
        socket.write(head + first, () => resolve(socket));
      });
      socket.on('error', reject);
    });
  const sockets = await Promise.all(Array.from({ length: SLOW_CLIENTS }, open));
  try {
    expect((await fetch(`${gateway.url}/other/_count`)).status).toBe(200);
    const answers: string[] = [];
    for (let at = 0; at < sockets.length; at += 100)
      answers.push(...(await Promise.all(sockets.slice(at, at + 100).map((socket) => finished(socket, rest)))));
    expect(answers.length).toBe(SLOW_CLIENTS);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*x-termweave-applied: replace/);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}, 60_000);

/** Sends the rest of a body; the beginning of the answer. */
function finished(socket: Socket, rest: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (piece) => resolve(piece.toString()));
    socket.write(rest);
  });
}
