import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { served } from '../../support/served.js';

/** `TERMWEAVE_FUZZED_REQUESTS=10000` for the whole trial. */
const FUZZED = Number(process.env.TERMWEAVE_FUZZED_REQUESTS ?? 600);
const AT_ONCE = 16;
/** What may be left of thousands of requests when the garbage is collected. */
const LEFT_BYTES = 8_000_000;
/** No single answer is waited for longer. */
const PATIENCE_MS = 10_000;

const words = fc.constantFrom(
  'inputs',
  'input',
  'truncate',
  'as',
  'prune',
  'round',
  'model',
  '__proto__',
  'constructor',
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.constantFrom(null, true, false, 7, -1, 1e308, '', '\u0000', '\ud800', '東', 'a fox', 'x'.repeat(3000)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 3 }),
  ),
}));
const json = tree.map((value) => Buffer.from(JSON.stringify(value)));
const asked = tree.map((inputs) => Buffer.from(JSON.stringify({ inputs })));
const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all));
const body = fc.oneof(
  { arbitrary: asked, weight: 3 },
  json,
  bytes,
  asked.map((whole) => whole.subarray(0, -1)),
  asked.map((whole) => gzipSync(whole)),
  fc.constantFrom(
    Buffer.from('['.repeat(20_000)),
    Buffer.from('{"inputs":1e999}'),
    Buffer.from('{"inputs":"a","inputs":"b"}'),
  ),
);
const path = fc.constantFrom(
  ...[
    '/encode',
    '/encode?as=query',
    '/encode?as=nobody',
    '/encode?prune=topK(',
    '/encode?prune=topK(1e99)',
    '/encode?round=7bits',
  ],
  ...[
    '/encode?%zz=%',
    '/encode?model=none',
    '/embed_sparse',
    '/tokenize',
    '/info',
    '/health',
    '/metrics',
    '/openapi.json',
  ],
  ...['/', '//', '/..%2f..', '/encode/', '/%00', '/embed', '/encode?as=query&as=document'],
);
const oddHeader = fc.constantFrom(
  ...[
    'content-type: text/plain',
    'content-type: application/json; charset=utf-16',
    'content-encoding: gzip',
    'content-encoding: br',
  ],
  ...[
    'transfer-encoding: chunked',
    'expect: 100-continue',
    'expect: nothing',
    'connection: close',
    'authorization: Bearer',
  ],
  ...[
    'content-length: 0',
    'content-length: -1',
    'content-length: 99999999999',
    'content-length: 3, 4',
    'x y: z',
    `x-long: ${'y'.repeat(20_000)}`,
  ],
);
const header = fc.oneof({ arbitrary: fc.constant(''), weight: 3 }, oddHeader);
const method = fc.constantFrom(
  'POST',
  'POST',
  'POST',
  'POST',
  'GET',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'BREW',
  'post',
);
const request = fc
  .record({ method, path, header, body, lies: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1) })
  .map(({ method, path, header, body, lies }) => {
    const lengths = /content-length|transfer-encoding/.test(header)
      ? []
      : [`content-length: ${Math.max(0, body.length + lies)}`];
    const type = /content-type/.test(header) ? [] : ['content-type: application/json'];
    const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost', ...type, ...lengths, ...(header ? [header] : [])];
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
  });
const fuzzed = fc.oneof({ arbitrary: request, weight: 9 }, bytes);

/** Sends bytes as they are, and says no more. @returns what came back until the other side had no more to say. */
function answerTo(url: string, sent: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => {
      answer += data;
    });
    // A connection that is reset is an answer, too: it was closed while there was more to read.
    socket.on('error', (error) => (error.message === 'no answer' ? resolve('no answer') : undefined));
    socket.on('close', () => resolve(answer));
    socket.end(sent);
  });
}

async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

it(`answers ${FUZZED} malformed requests as documented, keeps nothing of them, and serves on`, async () => {
  await using service = await served(hashingEncoder());
  const statuses = new Map<string, number>();
  const send = async (count: number, seed: number) => {
    const requests = fc.sample(fuzzed, { numRuns: count, seed });
    const worker = async () => {
      for (let sent = requests.pop(); sent; sent = requests.pop()) {
        const answer = await answerTo(service.url, sent);
        expect([sent.toString('latin1').slice(0, 200), answer === 'no answer']).toEqual([expect.anything(), false]);
        const [, status = 'closed'] = /^HTTP\/1\.1 (\d+)/.exec(answer.replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, '')) ?? [];
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  await send(Math.ceil(FUZZED / 4), 1);
  const before = await heapInUse();
  await send(FUZZED - Math.ceil(FUZZED / 4), 2);
  const left = (await heapInUse()) - before;
  process.stderr.write(
    `malformed requests: ${JSON.stringify(Object.fromEntries(statuses))}, ${(left / 1e6).toFixed(1)} MB left\n`,
  );
  expect([...statuses.keys()].filter((status) => /^5/.test(status))).toEqual([]);
  expect(statuses.get('200')).toBeGreaterThan(0);
  expect(left).toBeLessThan(LEFT_BYTES);
  expect((await service.post('/encode', { inputs: 'a fox' })).status).toBe(200);
}, 600_000);
