import { Client } from '@opensearch-project/opensearch';
import { withSplade } from '../../../src/clients/with-splade.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { FakeEngine, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';

const SEARCH = { index: 'planned', body: { query: { match: { title: 'fox' } } } };

let engine: FakeEngine;
let client: Client;
beforeEach(async () => {
  engine = await FakeEngine.start();
  const encoder = toyModel(plan);
  client = withSplade(new Client({ node: engine.url }), { index: 'planned', plan, dialect: rankFeatures, encoder });
});
afterEach(async () => {
  await client.close();
  await engine[Symbol.asyncDispose]();
});

describe('a call of the OpenSearch client', () => {
  it('that is broken off while the engine works on it ends', async () => {
    const searching = client.search(SEARCH);
    engine.answer = () => void searching.abort();
    await expect(searching).rejects.toMatchObject({ name: 'RequestAbortedError' });
    expect(engine.asked).toHaveLength(1);
  });

  it('that is broken off while its text is encoded is answered by no engine', async () => {
    const searching = client.search(SEARCH);
    searching.abort();
    await expect(searching).rejects.toMatchObject({ name: 'RequestAbortedError' });
    expect(engine.asked).toEqual([]);
  });

  it('by a callback gives what breaks it off', async () => {
    const ended = await new Promise<unknown>((resolve) => {
      const searching = client.search(SEARCH, (error: unknown) => resolve(error));
      searching.abort();
    });
    expect(ended).toMatchObject({ name: 'RequestAbortedError' });
  });
});
