import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client } from '@opensearch-project/opensearch';
import { withSplade } from '../../../src/clients/with-splade.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { FakeEngine, mappings, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';
import { until } from '../../support/until.js';

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

  it('that is broken off while the mapping is read leaves the reading to the others', async () => {
    const searching = client.search(SEARCH);
    searching.catch(() => {});
    engine.answer = ({ url }, response) => {
      const isReading = url!.includes('_mapping');
      if (isReading) searching.abort();
      const hits = [{ _id: '1', _index: 'planned' }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isReading ? { planned: { mappings } } : { hits: { hits } }));
    };
    await searching.catch(() => {});
    await client.search(SEARCH);
    expect(engine.asked.filter(({ url }) => url.includes('_mapping'))).toHaveLength(1);
  });

  it('by a callback gives what breaks it off', async () => {
    const ended = await new Promise<unknown>((resolve) => {
      const searching = client.search(SEARCH, (error: unknown) => resolve(error));
      searching.abort();
    });
    expect(ended).toMatchObject({ name: 'RequestAbortedError' });
  });

  it('by a callback in the place of the options is answered by it', async () => {
    const request = { method: 'POST', path: '/planned/_search', body: SEARCH.body };
    const answer = await new Promise((resolve, reject) => {
      client.transport.request(request, ((error: unknown, one: unknown) =>
        error ? reject(error) : resolve(one)) as never);
    });
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(engine.asked[0]!.body).toContain('rank_feature');
  });
});

describe('a call that is broken off while its texts are encoded ends the encoding', () => {
  /** An encoder that is at work until it is told to stop. */
  class SlowEncoder {
    begun = 0;
    ended = 0;
    readonly model = { ...toyModel(plan), encode: ((_, { signal } = {}) => this.#encode(signal)) as Encoder['encode'] };

    #encode(signal: AbortSignal | undefined): Promise<never> {
      this.begun += 1;
      return new Promise((_resolve, reject) => {
        if (!signal) return reject(new Error('nothing can end this'));
        signal.addEventListener('abort', () => {
          this.ended += 1;
          reject(signal.reason);
        });
      });
    }
  }

  const DOCUMENT = { index: 'planned', id: '1', body: { title: 'fox' } };
  const BULK = { index: 'planned', body: [{ index: {} }, DOCUMENT.body] };

  /** As both clients have it. */
  type Call = (asked: object, options?: object) => Promise<unknown> & { abort(): void };
  type Verb = 'search' | 'msearch' | 'index' | 'bulk';
  const SEVERAL = { body: [{ index: 'planned' }, SEARCH.body] };

  it.each<[string, Verb, object]>([
    ['a search', 'search', SEARCH],
    ['several searches', 'msearch', SEVERAL],
    ['a document', 'index', DOCUMENT],
    ['a bulk', 'bulk', BULK],
  ])('%s', async (_, verb, asked) => {
    const encoder = new SlowEncoder();
    const splade = { index: 'planned', plan, dialect: rankFeatures, encoder: encoder.model };
    const elasticsearch = new ElasticsearchClient({ node: engine.url });
    const leaving = new AbortController();
    const wrapped = [elasticsearch, client].map((one) => withSplade(one, splade) as unknown as Record<Verb, Call>);
    const bySignal = wrapped[0]![verb](asked, { signal: leaving.signal });
    const byAbort = wrapped[1]![verb](asked);
    const ends = Promise.all(
      [bySignal, byAbort].map((call) => expect(call).rejects.toMatchObject({ name: 'RequestAbortedError' })),
    );
    await until(() => encoder.begun === 2);
    leaving.abort();
    byAbort.abort();
    await ends;
    expect([encoder.ended, engine.asked]).toEqual([2, []]);
    await elasticsearch.close();
  });

  it.each<[Verb, object]>([
    ['search', SEARCH],
    ['index', DOCUMENT],
  ])('(%s) also by a signal in the options of the OpenSearch client, which knows none', async (verb, asked) => {
    const encoder = new SlowEncoder();
    const splade = { index: 'planned', plan, dialect: rankFeatures, encoder: encoder.model };
    const leaving = new AbortController();
    const calling = (withSplade(client, splade) as unknown as Record<Verb, Call>)[verb](asked, {
      signal: leaving.signal,
    });
    calling.catch(() => {});
    await until(() => encoder.begun === 1);
    leaving.abort();
    await expect(calling).rejects.toMatchObject({ name: 'RequestAbortedError' });
    expect(engine.asked).toEqual([]);
  });
});
