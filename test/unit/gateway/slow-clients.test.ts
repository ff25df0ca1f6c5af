import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeEngine, gatewayTo } from '../../support/fake-engine.js';

const UPSTREAM_MS = 200;
/** Longer than all that the engine's time is counted by. */
const PAUSE_MS = 900;

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

const JSON_TYPE = { 'content-type': 'application/json' };
const SEARCH = JSON.stringify({ query: { match: { title: 'fox' } } });

/** Sends a body in two halves with a pause between them, and pauses again within the answer; what came of that. */
function slowly(url: string, body: string, pauses: { sending?: number; reading?: number }) {
  return new Promise<{ status: number; bytes: number }>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: JSON_TYPE }, async (answer) => {
      let bytes = 0;
      try {
        for await (const piece of answer) {
          if (bytes === 0) await sleep(pauses.reading ?? 0);
          bytes += (piece as Buffer).length;
        }
        resolve({ status: answer.statusCode!, bytes });
      } catch (cause) {
        reject(cause);
      }
    });
    sent.on('error', reject);
    sent.write(body.slice(0, 10));
    setTimeout(() => sent.end(body.slice(10)), pauses.sending ?? 0);
  });
}

describe('the engine’s time does not run', () => {
  const large = Buffer.alloc(16_000_000, 'x');

  it.each([
    ['that passes', '/other'],
    ['of a search', '/planned/_search'],
    ['of a bulk', '/planned/_bulk'],
  ])('while a client takes none of an answer %s', async (_what, path) => {
    await using gateway = await gatewayTo(engine, { limits: { upstreamMs: UPSTREAM_MS } });
    engine.answer = (_request, response) => response.end(large);
    const body = path.endsWith('_bulk') ? '{"index":{}}\n{"year":1}\n' : SEARCH;
    const given = await slowly(gateway.url + path, body, { reading: PAUSE_MS });
    expect(given).toEqual({ status: 200, bytes: large.length });
  });

  it('while a client sends none of a body that passes', async () => {
    await using gateway = await gatewayTo(engine, { limits: { upstreamMs: UPSTREAM_MS } });
    expect(await slowly(`${gateway.url}/other`, SEARCH, { sending: PAUSE_MS })).toMatchObject({ status: 200 });
    expect(engine.asked[0]!.body).toBe(SEARCH);
  });
});

it.each(['/other', '/planned/_search'])(
  'an engine that is silent within its answer is broken off: %s',
  async (path) => {
    await using gateway = await gatewayTo(engine, { limits: { upstreamMs: UPSTREAM_MS } });
    engine.answer = (_request, response) => void response.write('{"hits":');
    await expect(slowly(gateway.url + path, SEARCH, {})).rejects.toThrow();
  },
);

it('an engine that is slow within its answer, each time less than it may be, is heard to the end', async () => {
  await using gateway = await gatewayTo(engine, { limits: { upstreamMs: UPSTREAM_MS } });
  engine.answer = async (_request, response) => {
    for (let i = 0; i < 8; i++) {
      response.write('x');
      await sleep(UPSTREAM_MS / 2);
    }
    response.end();
  };
  expect(await slowly(`${gateway.url}/other`, SEARCH, {})).toEqual({ status: 200, bytes: 8 });
});
