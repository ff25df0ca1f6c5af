import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { readPlanFile } from '../../../src/gateway/plan-overrides.js';
import { normalisedSum } from '../../../src/query/strategies/fusion.js';
import { topK } from '../../../src/sparse/pruning.js';
import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyVector } from '../../support/toy-encoder.js';
import { until } from '../../support/until.js';

const SEARCH = { query: { match: { title: 'fox' } } };
const HYBRID = { 'x-termweave': 'hybrid' };
const applied = (answer: Response) => answer.headers.get('x-termweave-applied');

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());
const lastBody = () => JSON.parse(engine.asked.at(-1)!.body);

describe('a search by a point in time', () => {
  it.each([
    ['/planned/_pit?keep_alive=1m', 'id'],
    ['/planned/_search/point_in_time?keep_alive=1m', 'pit_id'],
  ])('opened through the gateway (%s) is translated, under each id that the engine gives it', async (path, key) => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (_request, response) => response.end(`{"${key}":"first","x":1}`);
    await gateway.post(path, '');
    engine.answer = (_request, response) => response.end('{"pit_id":"second","took":1}');
    for (const id of ['first', 'second']) {
      const answer = await gateway.post('/_search', { ...SEARCH, pit: { id, keep_alive: '1m' } });
      expect(applied(answer)).toBe('replace');
      expect(engine.asked.at(-1)!.url).toBe('/_search');
      expect(lastBody()).toMatchObject({ pit: { id } });
      expect(JSON.stringify(lastBody().query)).toContain('rank_feature');
    }
  });

  it('is known though its id comes in pieces, and though the answer that changes it is joined with another', async () => {
    await using gateway = await gatewayTo(engine);
    const id = 'x'.repeat(5_000);
    engine.answer = (_request, response) => {
      response.write(`{"pit_id":"${id.slice(0, 1_400)}`);
      setTimeout(() => response.end(`${id.slice(1_400)}"}`), 20);
    };
    await (await gateway.post('/planned/_search/point_in_time?keep_alive=1m', '')).text();
    engine.answer = (_request, response) => response.end('{"pit_id":"second","took":1,"hits":{"hits":[]}}');
    for (const asked of [id, 'second'])
      expect(applied(await gateway.post('/_search', { ...SEARCH, pit: { id: asked } }, HYBRID))).toBe('hybrid');
  });

  it('that the gateway does not know, or of an index without a plan, passes as it is', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (_request, response) => response.end('{"pit_id":"of-other"}');
    await gateway.post('/other/_search/point_in_time?keep_alive=1m', '');
    for (const id of ['unknown', 'of-other']) {
      const body = { ...SEARCH, pit: { id } };
      expect(applied(await gateway.post('/_search', body))).toBe('none');
      expect(lastBody()).toEqual(body);
    }
  });
});

describe('a search by a template', () => {
  const template = { source: '{"query":{"match":{"title":"{{q}}"}}}', params: { q: 'fox' }, profile: true };

  it('is rendered by the engine, translated, and sent as a search', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (request, response) =>
      response.end(request.url === '/_render/template' ? JSON.stringify({ template_output: SEARCH }) : '{"took":1}');
    const answer = await gateway.post('/planned/_search/template?typed_keys=true', template, {
      authorization: 'Basic x',
    });
    expect(applied(answer)).toBe('replace');
    const [rendering, searching] = engine.asked;
    expect([rendering!.headers.authorization, JSON.parse(rendering!.body).params]).toEqual(['Basic x', { q: 'fox' }]);
    expect(searching!.url).toBe('/planned/_search?typed_keys=true');
    expect(lastBody()).toMatchObject({ profile: true });
    expect(JSON.stringify(lastBody().query)).toContain('rank_feature');
  });

  it('that does not render, or on an index without a plan, is handed on as it is', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (_request, response) => response.writeHead(400).end('{}');
    for (const index of ['planned', 'other']) {
      await gateway.post(`/${index}/_search/template`, template);
      expect(engine.asked.at(-1)!.url).toBe(`/${index}/_search/template`);
      expect(lastBody()).toEqual(template);
    }
    expect(engine.asked.filter(({ url }) => url === '/_render/template')).toHaveLength(1);
  });
});

it.each(['?explain', '?explain=true', ''])('explains by the expansions of its texts (%s)', async (query) => {
  await using gateway = await gatewayTo(engine);
  engine.answer = (_request, response) => response.end('{"took":1,"hits":{"hits":[]},"big":12345678901234567890}');
  const answer = await gateway.post(`/planned/_search${query}`, query === '' ? { ...SEARCH, explain: true } : SEARCH);
  const text = await answer.text();
  expect(text).toContain('"big":12345678901234567890');
  const { took, termweave } = JSON.parse(text);
  expect(took).toBe(1);
  expect(termweave.reports[0].translated).toHaveLength(1);
  const expansion = Object.fromEntries(
    toyVector('fox')
      .heaviestFirst()
      .map(({ token, weight }) => [token, weight]),
  );
  expect(termweave.expansions).toEqual({ fox: expansion });
});

it('hands the numbers of joined answers on as the engine wrote them', async () => {
  await using gateway = await gatewayTo(engine);
  engine.answer = (_request, response) =>
    response.end(
      '{"hits":{"max_score":1.0,"hits":[{"_id":"1","_score":1.0,"_source":{"price":5.0,"id":1234567890123456789}}]}}',
    );
  const answer = await gateway.post('/planned/_search', SEARCH, { 'x-termweave': 'hybrid' });
  const text = await answer.text();
  expect(text).toContain('{"price":5.0,"id":1234567890123456789}');
  expect(JSON.parse(text).hits.hits[0]._score).toBeCloseTo(2 / 61, 12);
});

it('asks by the pruned vector, and joins lists by the sum, where it is started so', async () => {
  await using gateway = await gatewayTo(engine, { pruning: topK(1), fusion: normalisedSum(0.25) });
  await gateway.post('/planned/_search', SEARCH);
  expect(engine.asked.at(-1)!.body.match(/rank_feature"/g)).toHaveLength(1);
  engine.answer = (_request, response) =>
    response.end('{"hits":{"hits":[{"_id":"1","_score":3},{"_id":"2","_score":1}]}}');
  const joined = JSON.parse(await (await gateway.post('/planned/_search', SEARCH, HYBRID)).text());
  expect(joined.hits.hits.map((hit: Record<string, unknown>) => [hit._id, hit._score])).toEqual([
    ['1', 1],
    ['2', 0],
  ]);
});

it('reorders as many documents as it is told to, where words find', async () => {
  await using gateway = await gatewayTo(engine, { mode: 'rescore', window: 300 });
  await gateway.post('/planned/_search', SEARCH);
  expect(JSON.parse(engine.asked.at(-1)!.body).rescore.window_size).toBe(300);
});

it('asks several searches with empty lines as they stand: engines differ in what those are', async () => {
  await using gateway = await gatewayTo(engine);
  const lines = `\n${JSON.stringify(SEARCH)}\n\n${JSON.stringify(SEARCH)}\n`;
  await gateway.post('/planned/_msearch', lines);
  expect(engine.asked.at(-1)!.body).toBe(lines);
});

describe('the numbers of a search are handed on as they were written', () => {
  const script = '{"script":{"script":{"source":"1 / params.x > 0","params":{"x":2.0,"id":1234567890123456789}}}}';
  const numbers = '"params":{"x":2.0,"id":1234567890123456789}';
  const translated = `{"from":0.0,"size":10.0,"query":{"bool":{"must":[{"match":{"title":{"query":"fox","boost":2.0}}}],"filter":[${script}]}}}`;

  it.each([
    [
      'translated',
      `{"query":{"bool":{"must":[{"match":{"title":{"query":"fox","boost":2.0}}}],"filter":[${script}]}}}`,
      'replace',
    ],
    ['left', `{"query":{"bool":{"filter":[${script}]}}}`, 'none'],
  ])('%s', async (_what, body, what) => {
    await using gateway = await gatewayTo(engine);
    const [one, several] = [
      await gateway.post('/planned/_search', body),
      await gateway.post('/planned/_msearch', `{}\n${body}\n`),
    ];
    expect([applied(one), applied(several)]).toEqual([what, what]);
    for (const { body } of engine.asked) expect(body).toContain(numbers);
  });

  it('and by two lists, with its page', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (_request, response) => response.end('{"hits":{"hits":[{"_id":"1","_score":2.0}]}}');
    const answer = await gateway.post('/planned/_search', translated, { 'x-termweave': 'hybrid' });
    expect([answer.status, applied(answer), engine.asked.length]).toEqual([200, 'hybrid', 2]);
    for (const { body } of engine.asked) expect(body).toContain(numbers);
    const { hits } = (await answer.json()) as { hits: { hits: unknown[] } };
    expect(hits.hits).toHaveLength(1);
  });

  it('and rendered by a template', async () => {
    await using gateway = await gatewayTo(engine);
    engine.answer = (request, response) =>
      response.end(request.url === '/_render/template' ? `{"template_output":${translated}}` : '{}');
    await gateway.post('/planned/_search/template', { source: 'x' });
    expect(engine.asked.at(-1)!.body).toContain(numbers);
  });
});

describe('a file of plans', () => {
  const fileOf = async (text: string) => {
    const file = join(await mkdtemp(join(tmpdir(), 'termweave-plans-')), 'plans.json');
    await writeFile(file, text);
    return file;
  };

  it('goes before the mappings: takes an index out, and brings one in', async () => {
    const narrowed = { ...plan, vectors: { splade_title: plan.vectors.splade_title! } };
    const plans = await readPlanFile(await fileOf(JSON.stringify({ planned: narrowed })));
    await using gateway = await gatewayTo(engine, { plans });
    await gateway.post('/planned/_search', SEARCH);
    expect(JSON.stringify(lastBody())).toContain('splade_title.');
    await using without = await gatewayTo(engine, { plans: await readPlanFile(await fileOf('{"planned":null}')) });
    expect(applied(await without.post('/planned/_search', SEARCH))).toBe('none');
    expect(lastBody()).toEqual(SEARCH);
  });

  it.each(['nope', '[]', '{"planned":7}', '{"planned":{"format":2}}'])('that is none is refused: %s', async (text) => {
    await expect(readPlanFile(await fileOf(text))).rejects.toMatchObject({
      code: expect.stringMatching(/PLAN_FILE_BROKEN|INDEX_WITHOUT_PLAN/),
    });
  });
});

it('tells OpenTelemetry what was done, without texts', async () => {
  const spans: { name: string; attributes: Record<string, unknown>; ended: boolean }[] = [];
  const startSpan = (name: string, { attributes = {} }: SpanOptions = {}) => {
    const span = { name, attributes: { ...attributes } as Record<string, unknown>, ended: false };
    spans.push(span);
    const set = (more: object) => Object.assign(span.attributes, more);
    const end = () => Object.assign(span, { ended: true });
    return {
      setAttributes: set,
      setAttribute: (key: string, value: unknown) => set({ [key]: value }),
      setStatus: () => {},
      end,
    };
  };
  const startActiveSpan = (name: string, options: SpanOptions, act: (span: Span) => unknown) =>
    act(startSpan(name, options) as never as Span);
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) } as never);
  try {
    await using gateway = await gatewayTo(engine);
    await (await gateway.post('/planned/_search?preference=secret', SEARCH)).text();
    await until(() => spans.length === 2 && spans.every(({ ended }) => ended));
    expect(spans.map(({ name, ended }) => [name, ended])).toEqual([
      ['POST termweave gateway', true],
      ['termweave encode', true],
    ]);
    expect(spans[0]!.attributes).toEqual({
      'http.request.method': 'POST',
      'url.path': '/planned/_search',
      'http.response.status_code': 200,
      'termweave.applied': 'replace',
    });
    expect(JSON.stringify(spans)).not.toMatch(/fox|secret/);
  } finally {
    trace.disable();
  }
});
