import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { exactJson, parseExactJson } from '../../../src/dialect/exact-number.js';
import { UpstreamFailed } from '../../../src/gateway/gateway-faults.js';
import { shallowOf } from '../../../src/gateway/read-answer.js';
import { ShallowJson } from '../../../src/gateway/shallow-json.js';
import { FakeEngine, gatewayTo, mappings } from '../../support/fake-engine.js';

const SEARCH = { query: { match: { title: 'fox' } } };
const HYBRID = { 'x-termweave': 'hybrid' };
const applied = (answer: Response) => answer.headers.get('x-termweave-applied');
const reason = (answer: Response) => answer.headers.get('x-termweave-reason');

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

/** Gives the first half of an answer, and the other one when it is asked for. */
function halved(text: string) {
  const give: { rest: () => void } = { rest: () => undefined };
  engine.answer = (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.write(text.slice(0, text.length / 2));
    give.rest = () => response.end(text.slice(text.length / 2));
  };
  return give;
}

describe('an answer that is joined with no other', () => {
  it.each([
    ['nothing to translate', '/planned/_search', { query: { match_all: {} }, size: 10_000 }],
    ['the first page of a scroll', '/planned/_search?scroll=1m', SEARCH],
    ['a sorted page', '/planned/_search', { ...SEARCH, sort: ['year'] }],
    ['several searches without one', '/planned/_msearch', '{}\n{"query":{"match_all":{}}}\n'],
  ])('is streamed in hybrid mode as well: %s', async (_what, path, body) => {
    await using gateway = await gatewayTo(engine, { limits: { upstreamMs: 1_000 } });
    const text = '{"took":1,"hits":{"hits":[]}, "spaced": 1.0 }';
    const give = halved(text);
    // The head comes before the answer is whole.
    const answer = await gateway.post(path, body, HYBRID);
    give.rest();
    expect([answer.status, await answer.text()]).toEqual([200, text]);
  });
});

it('joins the lists of one plan though another plan of the request has none', async () => {
  const other = structuredClone(mappings) as unknown as { _meta: { termweave: { model: { maxTokens: number } } } };
  engine.describe = (request, response) => {
    const [, name] = request.url!.split('/');
    const { maxTokens } = other._meta.termweave.model;
    other._meta.termweave.model.maxTokens = name === 'first' ? maxTokens : maxTokens + 1;
    response.end(JSON.stringify({ [name!]: { mappings: other } }));
  };
  const page = { hits: { hits: [{ _id: '1', _score: 1 }] } };
  engine.answer = (_request, response, body) =>
    response.end(JSON.stringify({ responses: Array(body.trim().split('\n').length / 2).fill(page) }));
  await using gateway = await gatewayTo(engine);
  for (const [translated, left] of [
    ['first', 'second'],
    ['second', 'first'],
  ]) {
    const lines = [{ index: translated }, SEARCH, { index: left }, { query: { match_all: {} } }];
    const answer = await gateway.post('/_msearch', lines.map((line) => `${JSON.stringify(line)}\n`).join(''), HYBRID);
    const { responses } = (await answer.json()) as { responses: (typeof page)[] };
    expect(responses.map(({ hits }) => hits.hits[0]!._score)).toEqual([2 / 61, 1]);
  }
});

it('hands on an answer that is too large to be held, neither joined nor explained, and says so', async () => {
  await using gateway = await gatewayTo(engine, { limits: { answerBytes: 10_000 } });
  const page = JSON.stringify({ hits: { hits: [{ _id: '1', _score: 1, _source: { text: 'x'.repeat(20_000) } }] } });
  engine.answer = (_request, response) => response.end(page);
  for (const [path, headers, what, asked] of [
    ['/planned/_search', HYBRID, 'none', '"match"'],
    ['/planned/_search?explain', HYBRID, 'none', '"match"'],
    ['/planned/_search?explain', {}, 'replace', 'rank_feature'],
  ] as const) {
    const answer = await gateway.post(path, SEARCH, headers);
    expect([answer.status, applied(answer), reason(answer)]).toEqual([200, what, 'answer-too-large']);
    expect(await answer.text()).toBe(page);
    expect(engine.asked.at(-1)!.body).toContain(asked);
  }
  const passed = await gateway.post('/planned/_search', SEARCH);
  expect([await passed.text(), reason(passed)]).toEqual([page, null]);
});

describe('an engine that fails while its answer is read', () => {
  const broken = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"hits":');
    setTimeout(() => response.destroy(), 20);
  };

  it.each([
    ['breaks off', broken],
    ['answers HTML', (_request: IncomingMessage, response: ServerResponse) => response.end('<html>')],
  ])('(it %s) is a 502, and is not asked again by words', async (_what, answer) => {
    await using gateway = await gatewayTo(engine);
    engine.answer = answer;
    for (const [path, body, headers, asked] of [
      ['/planned/_search', SEARCH, HYBRID, 2],
      ['/planned/_search?explain', SEARCH, {}, 1],
      ['/planned/_search/template', { source: '{}' }, {}, 1],
    ] as const) {
      engine.asked.length = 0;
      const given = await gateway.post(path, body, headers);
      expect([given.status, engine.asked.length]).toEqual([502, asked]);
      expect(await given.json()).toMatchObject({ error: { type: 'upstream_failed' } });
    }
  });

  it('refuses a list in its own words, whatever format they are in', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (_request, response) => response.writeHead(429).end('<html>too many</html>');
    const answer = await gateway.post('/planned/_search', SEARCH, HYBRID);
    expect([answer.status, await answer.text()]).toEqual([429, '<html>too many</html>']);
  });
});

it.each([
  ['?format=yaml', {}],
  ['', { accept: 'application/cbor' }],
])('asks one list where its answer comes in another format than JSON (%s %j)', async (query, headers) => {
  await using gateway = await gatewayTo(engine);
  engine.answer = (_request, response) => response.end('took: 1');
  const answer = await gateway.post(`/planned/_search${query}`, SEARCH, { ...HYBRID, ...headers });
  expect([answer.status, applied(answer), reason(answer), await answer.text()]).toEqual([
    200,
    'none',
    'accept',
    'took: 1',
  ]);
  const explained = await gateway.post(`/planned/_search${query || '?'}&explain`, SEARCH, headers);
  expect([applied(explained), await explained.text()]).toEqual(['replace', 'took: 1']);
});

describe('a shallow reading', () => {
  const text =
    '{"took":1,"a\\"[{":{"max":1.0,"list":[{"_id":"東}]\\\\","n":1234567890123456789,"deep":{"x":[1.0,"}"]},"__proto__":[2.0],"none":[]}]}}';

  it.each([1, 2, 3, 7, 64, 1_000])('says the same as a whole one, in pieces of %i bytes', (size) => {
    const bytes = Buffer.from(text);
    for (let depth = 1; depth < 8; depth++) {
      const json = new ShallowJson(depth);
      for (let at = 0; at < bytes.length; at += size) json.see(bytes.subarray(at, at + size));
      expect(exactJson(json.value())).toBe(exactJson(parseExactJson(text, 'as written')));
    }
  });

  it.each(['', '<html>', '{"a":[1', '{"a":{"b":{"c":[1'])('of what is no JSON fails: %j', async (broken) => {
    const answer = new IncomingMessage(new Socket());
    answer.push(broken);
    answer.push(null);
    await expect(shallowOf(answer, 2, 1_000)).rejects.toThrow(UpstreamFailed);
  });
});
