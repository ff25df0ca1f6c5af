import { request } from 'node:http';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { createExplorer, type Explorer } from '../../../src/explorer/create-explorer.js';

/** Nothing here gets as far as an encoder. */
const encoder = { identity: { id: 'none' } } as Encoder;

let explorer: Explorer;
let url: string;
beforeAll(async () => {
  explorer = createExplorer({ encoder, models: ['none'], openModel: async () => encoder });
  url = await explorer.listen(0);
});
afterAll(() => explorer[Symbol.asyncDispose]());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function answerTo({ method = 'GET', path = '/', headers, body }: Asked) {
  return new Promise<{ status?: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    sent.on('error', reject).end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what the explorer lets through', () => {
  it('is its own page, under a policy that runs no inline script', async () => {
    const { status, headers } = await answerTo({});
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('is a link to it on another page', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    expect((await answerTo({ headers })).status).toBe(200);
  });

  it.each([
    ['a rebound DNS name', { headers: { host: 'evil.example' } }, 403],
    ['the right name on another port', { headers: { host: '127.0.0.1:1' } }, 403],
    ['another site’s script', { headers: { origin: 'http://evil.example' } }, 403],
    ['a sandboxed frame', { headers: { origin: 'null' } }, 403],
    ['another page on loopback', { headers: { origin: 'http://127.0.0.1:3000' } }, 403],
    [
      'another site without an Origin',
      { method: 'POST', headers: { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' } },
      403,
    ],
    ['a picture on another site', { path: '/api/state', headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['a picture on another port', { path: '/api/progress', headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['a scan that is not posted', { path: '/api/verify' }, 404],
    ['the count by a mere GET', { path: '/api/statistics', headers: { 'sec-fetch-site': 'none' } }, 404],
    [
      'a link of another site to what the page asks',
      { path: '/api/state', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' } },
      403,
    ],
    ['a form', { method: 'POST', path: '/api/encode', headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['a verb that writes', { method: 'DELETE', path: '/api/state' }, 405],
    ['a path out of the page', { path: '/..%2f..%2fpackage.json' }, 404],
    ['a file that is none of the page', { path: '/app.ts' }, 404],
    ['junk', { method: 'POST', path: '/api/encode', headers: JSON_TYPE, body: '{' }, 400],
    [
      'a body past the limit',
      { method: 'POST', path: '/api/encode', headers: JSON_TYPE, body: ' '.repeat(1_100_000) },
      413,
    ],
    [
      'a model that it was not started with',
      { method: 'POST', path: '/api/encode', headers: JSON_TYPE, body: '{"text":"x","model":"/etc"}' },
      400,
    ],
    [
      'a search without an index',
      { method: 'POST', path: '/api/search', headers: JSON_TYPE, body: '{"text":"x"}' },
      400,
    ],
  ] as [string, Asked, number][])('is not %s', async (_, asked, expected) => {
    const { status, text } = await answerTo(asked);
    expect(status).toBe(expected);
    expect(JSON.parse(text).error).toMatchObject({
      code: expect.stringMatching(/^EXPLORER_/),
      remedy: expect.any(String),
    });
    expect(text).not.toMatch(/\bat .*\.js/);
  });

  it('listens on loopback alone', () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
