import { connect } from 'node:net';
import fc from 'fast-check';
import { expectEndBeside } from '../../support/expect-end-beside.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { served } from '../../support/served.js';

/** Sends bytes as they are; resolves with what came back when the other side closes, or after `patience` ms. */
function raw(url: string, bytes: string | Uint8Array, patience = 300): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => {
      answer += data;
      if (answer.includes('\r\n\r\n')) setTimeout(end, 2);
    });
    socket.on('close', end).on('error', end);
    socket.setTimeout(patience, end);
    socket.write(bytes);
  });
}

const head = 'POST /encode HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

test.each([
  ['no HTTP', 'hello\r\n\r\n'],
  ['two lengths', `${head}content-length: 3\r\ncontent-length: 5\r\n\r\nabcde`],
  ['a length and chunks', `${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a chunk without a size', `${head}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n`],
  ['a header that never ends', `POST /encode HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`],
])('answers %s with a status of 4xx', async (_what, bytes) => {
  await using service = await served(hashingEncoder());
  expect(await raw(service.url, bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test('ends a body that does not arrive', async () => {
  await using service = await served(hashingEncoder(), { limits: { arrivalMs: 200 } });
  const answer = await raw(service.url, `${head}content-length: 1000\r\n\r\n{"inputs":`, 5_000);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('keeps no answer that nobody reads', async () => {
  const words = Array.from({ length: 200 }, (_, i) => `w${i}`).join(' ');
  // About 20 MB of answer, by the length of the tokens: more than the buffers of both sides take.
  const body = JSON.stringify({ inputs: Array.from({ length: 1_000 }, () => words) });
  const limits = { batch: 1_000, queue: 1_000, deadlineMs: 500, arrivalMs: 3_000 };
  await using service = await served(hashingEncoder('x'.repeat(200)), { limits });
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1').pause();
  const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
  socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const metrics = async () => (await fetch(`${service.url}/metrics`)).text();
  const late = performance.now() + 30_000;
  while (!(await metrics()).includes('requests_total{route="/encode"') && performance.now() < late)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await metrics()).toContain('termweave_requests_total{route="/encode",status="499"} 1');
  socket.destroy();
  await closed;
}, 60_000);

test('answers every malformed body with 4xx, and the next good one with 200', async () => {
  await using service = await served(hashingEncoder());
  const requests = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc
      .record({ inputs: fc.anything() })
      .map((value) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? 1 : inner)) ?? ''),
  );
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom('/encode', '/embed_sparse', '/tokenize'), async (body, path) => {
      const answer = await service.post(path, body);
      expect(answer.status).toBeLessThan(500);
      if (answer.status !== 200) expect(Object.keys(answer.body)).toEqual(['error', 'error_type']);
    }),
    { numRuns: 300 },
  );
  expect((await service.post('/encode', { inputs: 'x' })).status).toBe(200);
});

describe('a connection that is half used when the service ends', () => {
  it.each([
    ['silent', ''],
    ['half a head', 'POST /encode HTTP/1.1\r\nhost:'],
    ['half a body', `${head}content-length: 1000\r\n\r\n{"inputs":`],
    ['used and kept', 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('holds it no longer than an answer may take: %s', async (_what, bytes) => {
    const service = await served(hashingEncoder(), { limits: { deadlineMs: 200, arrivalMs: 60_000 } });
    await expectEndBeside(service.url, bytes, () => service[Symbol.asyncDispose]());
  });

  it('holds it no longer where it never greets by TLS', async () => {
    // No client comes so far as to ask for the certificate.
    const service = await served(hashingEncoder(), { tls: { key: '', cert: '' } });
    await expectEndBeside(service.url, '', () => service[Symbol.asyncDispose]());
  });
});
