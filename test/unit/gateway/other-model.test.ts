import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';

const SEARCH = { query: { match: { title: 'fox' } } };

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

describe('an index of another model', () => {
  const other = { ...toyModel(plan), identity: { ...toyModel(plan).identity, weights: 'other' } };

  it.each([
    ['/planned/_doc/1', JSON.stringify({ title: 'fox' })],
    ['/_bulk', '{"index":{"_index":"planned","_id":"1"}}\n{"title":"fox"}\n'],
  ])('is not written to without its vectors, by %s', async (path, body) => {
    await using gateway = await gatewayTo(engine, { encoder: other });
    const answer = await gateway.post(path, body);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toMatch(/other/);
    expect(engine.asked.map(({ body }) => body).join('')).not.toContain('fox');
  });

  it('is not written to with texts cut elsewhere, and is asked by vectors', async () => {
    const cutting = { ...toyModel(plan), identity: { ...toyModel(plan).identity, maxTokens: 16 } };
    await using gateway = await gatewayTo(engine, { encoder: cutting });
    const refused = await gateway.post('/planned/_doc/1', JSON.stringify({ title: 'fox' }));
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('--max-tokens 256')]);
    const answer = await gateway.post('/planned/_search', SEARCH);
    expect(answer.headers.get('x-termweave-applied')).toBe('replace');
  });

  it('is searched by words, and the answer says why', async () => {
    await using gateway = await gatewayTo(engine, { encoder: other });
    const answer = await gateway.post('/planned/_search', SEARCH);
    expect(answer.status).toBe(200);
    expect(JSON.parse(engine.asked[0]!.body)).toEqual(SEARCH);
    expect(JSON.stringify([...answer.headers])).toMatch(/MODEL_MISMATCH/);
  });
});
