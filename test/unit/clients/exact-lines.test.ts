import { spladeHandler } from '../../../src/clients/splade-handler.js';
import type { ClientRequest } from '../../../src/clients/wire-request.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { planOf } from '../../support/vector-index.js';

const ID = '9007199254740993';

/** What is sent for a request of a client wrapped for index `books`. */
async function sent(request: Pick<ClientRequest, 'path' | 'bulkBody' | 'body'>): Promise<ClientRequest> {
  const encoder = hashingEncoder();
  const plan = { ...planOf(encoder.vocabulary.fingerprint, 'rank-features'), model: encoder.identity };
  const handle = spladeHandler({ index: 'books', plan, dialect: rankFeatures, encoder });
  let last: ClientRequest | undefined;
  const send = async (changed: ClientRequest) => {
    last = changed;
    return {};
  };
  await handle({ method: 'POST', ...request }, send);
  return last!;
}

describe('lines that a client has serialised', () => {
  it('pass through as they are where no plan speaks of their index', async () => {
    const lines = ['{"index":{"_index":"orders"}}', `{"total":1.10,"account":${ID}}`];
    expect((await sent({ path: '/_bulk', bulkBody: lines })).bulkBody).toEqual(lines);
    const searches = ['{"index":"orders"}', `{"query":{"term":{"account":${ID}}},"min_score":1.0}`];
    expect((await sent({ path: '/_msearch', bulkBody: searches })).bulkBody).toEqual(searches);
  });

  it('keep numbers that no float64 is where they get a vector', async () => {
    const lines = ['{"index":{"_index":"books"}}', `{"text":"fox","account":${ID}}`];
    const { bulkBody } = await sent({ path: '/_bulk', bulkBody: lines });
    const [action, document] = bulkBody as string[];
    expect(action).toBe(lines[0]);
    expect(document).toContain(`"account":${ID}`);
    expect(document).toMatch(/"splade":\{/);
  });

  it('keep them where they are translated', async () => {
    const query = `{"query":{"bool":{"must":{"match":{"text":"fox"}},"filter":{"term":{"account":${ID}}}}}}`;
    const searched = await sent({ path: '/_msearch', bulkBody: ['{"index":"books"}', query] });
    expect((searched.bulkBody as string[])[1]).toContain(ID);
    expect((searched.bulkBody as string[])[1]).not.toBe(query);
    expect((await sent({ path: '/books/_search', body: query })).body).toContain(ID);
  });

  it('stay one text where they were one, for a client that is given a list as a body writes JSON of it', async () => {
    const document = '{"index":{"_index":"books"}}\n{"text":"fox"}\n';
    const search = '{"index":"books"}\n{"query":{"match":{"text":"fox"}}}\n';
    for (const field of ['body', 'bulkBody'] as const) {
      expect((await sent({ path: '/_bulk', [field]: document }))[field]).toMatch(/^\{"index".*\}\n\{.*"splade".*\}\n$/);
      const asked = await sent({ path: '/_msearch', [field]: Buffer.from(search) });
      expect(asked[field]).toMatch(/^\{"index":"books"\}\n\{.*rank_feature.*\}\n$/);
    }
  });
});
