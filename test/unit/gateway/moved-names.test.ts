import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { FakeEngine, gatewayTo, mappings, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';

const SEARCH = { query: { match: { title: 'fox' } } };
const PLANLESS = { properties: {} };
const renamed = { ...plan, vectors: { moved: plan.vectors.splade_title! } };
const { mappings: moved } = mappingFor({ dialect: rankFeatures, plan: renamed });
const applied = (answer: Response) => answer.headers.get('x-termweave-applied');

let engine: FakeEngine;
let now: number;
beforeEach(async () => {
  now = 0;
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

/** The name stands for an index of these mappings: the engine refuses what asks for other fields. */
function standsFor(there: object, field: string): void {
  engine.describe = (_request, response) => response.end(JSON.stringify({ there: { mappings: there } }));
  engine.answer = (_request, response, body) =>
    body.includes('rank_feature') && !body.includes(field)
      ? response.writeHead(400).end('{"error":"no such field"}')
      : response.end('{"hits":{"hits":[]}}');
}

describe('a search that the engine refuses for its plan is old', () => {
  it.each([
    ['another field', moved, 'moved.', 'replace', 'replace'],
    ['another field, by two lists', moved, 'moved.', 'hybrid', 'hybrid'],
    ['no plan', PLANLESS, 'none', 'replace', 'none'],
  ])(
    'is asked again by the plan of the index that its name stands for: %s',
    async (_what, there, field, mode, what) => {
      await using gateway = await gatewayTo(engine, { now: () => now });
      standsFor(mappings, 'splade_title.');
      const ask = () => gateway.post('/books/_search', SEARCH, { 'x-termweave': mode });
      expect(applied(await ask())).toBe(mode);
      standsFor(there, field);
      now += 1_000;
      const answer = await ask();
      expect([answer.status, applied(answer)]).toEqual([200, what]);
    },
  );

  it('is asked by words where that index is of another model', async () => {
    const { identity } = toyModel(plan);
    const other = { ...plan, model: { ...identity, weights: 'other' } };
    await using gateway = await gatewayTo(engine, { now: () => now });
    standsFor(mappings, 'splade_title.');
    await gateway.post('/books/_search', SEARCH);
    standsFor(mappingFor({ dialect: rankFeatures, plan: other }).mappings, 'none');
    now += 1_000;
    const answer = await gateway.post('/books/_search', SEARCH);
    expect([answer.status, applied(answer), answer.headers.get('x-termweave-reason')]).toEqual([
      200,
      'none',
      'MODEL_MISMATCH',
    ]);
  });

  it('has the plan read once a second at most, and keeps its refusal where the plan is the same or is not told', async () => {
    await using gateway = await gatewayTo(engine, { now: () => now });
    standsFor(mappings, 'splade_title.');
    await gateway.post('/books/_search', SEARCH);
    engine.answer = (_request, response) => response.writeHead(400).end('{"error":"aggs"}');
    const refusal = async () => {
      const answer = await gateway.post('/books/_search', SEARCH);
      expect([answer.status, applied(answer), await answer.text()]).toEqual([400, 'replace', '{"error":"aggs"}']);
    };
    for (let i = 0; i < 4; i++, now += 500) await refusal();
    expect(engine.mappingsAsked).toBe(2);
    engine.describe = (_request, response) => response.writeHead(403).end();
    now += 1_000;
    await refusal();
  });
});

describe('requests that need the same plan at once', () => {
  it('read it once', async () => {
    await using gateway = await gatewayTo(engine);
    const { describe } = engine;
    engine.describe = (request, response) => void setTimeout(() => describe(request, response), 50);
    const answers = await Promise.all([1, 2, 3, 4].map(() => gateway.post('/planned/_search', SEARCH)));
    expect(answers.map(applied)).toEqual(Array(4).fill('replace'));
    expect(engine.mappingsAsked).toBe(1);
  });

  it('do not share that one of them may not read it', async () => {
    await using gateway = await gatewayTo(engine);
    const { describe } = engine;
    engine.describe = (request, response) =>
      request.headers.authorization === 'none'
        ? void setTimeout(() => response.writeHead(403).end(), 50)
        : describe(request, response);
    const [refused, read] = await Promise.all(
      ['none', 'all'].map((authorization) => gateway.post('/planned/_search', SEARCH, { authorization })),
    );
    expect([refused, read].map((answer) => applied(answer!))).toEqual(['none', 'replace']);
  });
});
