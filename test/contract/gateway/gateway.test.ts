import { gzipSync } from 'node:zlib';
import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import fc from 'fast-check';
import { type OfficialClient, withSplade } from '../../../src/clients/with-splade.js';
import { vectorIn } from '../../../src/dialect/kept-passages.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { searchBodies } from '../../support/search-bodies.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVector } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';

const JSON_TYPE = { 'content-type': 'application/json' };

onEveryEngine('a gateway', ({ url, engine }) => {
  let searched: SearchedIndex;
  let gateway: Gateway;
  let node: string;
  let through: string;

  beforeAll(async () => {
    node = await url();
    searched = await searchedIndex(node);
    const encoder = toyModel(searched.plan);
    gateway = createGateway({ upstream: { url: node }, version: searched.engine.version, encoder });
    through = await gateway.listen(0);
  }, 120_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await searched?.[Symbol.asyncDispose]();
  });

  const ask = (at: string, path: string, body?: unknown, headers: Record<string, string> = {}, method = 'POST') =>
    fetch(at + path, {
      method,
      headers: body === undefined ? headers : { ...JSON_TYPE, ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });

  // biome-ignore lint/suspicious/noExplicitAny: both clients, asked by the methods that they share
  const clientAt = (at: string): any =>
    engine === 'opensearch' ? new OpenSearchClient({ node: at }) : new ElasticsearchClient({ node: at });
  // biome-ignore lint/suspicious/noExplicitAny: the answer of either
  const answerOf = (given: any) => given.body ?? given;

  it('answers an official client as the wrapped client would: search, multi search, scroll', async () => {
    const plain = clientAt(through);
    const direct = clientAt(node);
    const wrapped = withSplade(direct as OfficialClient, {
      ...searched,
      encoder: toyModel(searched.plan),
    }) as typeof direct;
    const { index } = searched;
    const body = { query: { match: { title: 'quick lazy fox' } }, size: 20 };
    const searches = async (client: typeof plain) => {
      const one = answerOf(await client.transport.request({ method: 'POST', path: `/${index}/_search`, body }));
      const many = answerOf(
        await client.transport.request({
          method: 'POST',
          path: '/_msearch',
          bulkBody: [{ index }, body, {}, { size: 0 }],
        }),
      );
      const ids: string[] = [];
      const search = engine === 'opensearch' ? { index, body: { ...body, size: 4 } } : { index, ...body, size: 4 };
      for await (const page of client.helpers.scrollSearch(search))
        ids.push(...page.body.hits.hits.map((hit: { _id: string }) => hit._id));
      return { hits: one.hits, first: many.responses[0].hits, ids };
    };
    expect(await searches(plain)).toEqual(await searches(wrapped));
    expect((await searches(plain)).hits).not.toEqual((await searches(direct)).hits);
    await Promise.all([plain.close(), direct.close()]);
  });

  it('gives what clients write its vectors: documents, updates, bulks, compressed ones too', async () => {
    const { index, dialect } = searched;
    const id = freshName('written');
    const sourceOf = async (id: string) => {
      await ask(node, `/${index}/_refresh`);
      const search = { query: { ids: { values: [id] } }, _source: dialect.sourceWithVectors };
      // biome-ignore lint/suspicious/noExplicitAny: the engine's answer
      const source = ((await (await ask(node, `/${index}/_search`, search)).json()) as any).hits.hits[0]._source;
      return { splade: vectorIn(source.splade), splade_title: vectorIn(source.splade_title) };
    };
    const vectors = (title: string, body: string) => ({
      splade: storedFeatures(toyVector(`${title} ${body}`), dialect),
      splade_title: storedFeatures(toyVector(title), dialect),
    });
    const written = await ask(through, `/${index}/_doc/${id}`, { title: 'red ship', body: 'blue sea' }, {}, 'PUT');
    expect([written.status, written.headers.get('x-termweave-applied')]).toEqual([201, 'vectors']);
    expect(await sourceOf(id)).toEqual(vectors('red ship', 'blue sea'));
    await ask(through, `/${index}/_update/${id}`, { doc: { title: 'lazy', body: 'dog' } });
    expect(await sourceOf(id)).toEqual(vectors('lazy', 'dog'));
    const lines = [{ index: { _id: `${id}-1` } }, { title: 'fox', body: '東' }, { delete: { _id: 'nobody' } }];
    const bulk = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const answer = await fetch(`${through}/${index}/_bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      body: bulk,
    });
    const { items } = (await answer.json()) as { items: Record<string, { status: number }>[] };
    expect(items.map((item) => Object.values(item)[0]!.status)).toEqual([201, 404]);
    expect(await sourceOf(`${id}-1`)).toEqual(vectors('fox', '東'));
  });

  it('keeps every number of a document as it was written', async () => {
    const { index } = searched;
    const id = freshName('numbers');
    const written = '{"title":"a","body":"b","whole":9007199254740993,"real":1.0}';
    await ask(through, `/${index}/_doc/${id}`, written, {}, 'PUT');
    const stored = await (await ask(node, `/${index}/_doc/${id}`, undefined, {}, 'GET')).text();
    expect(stored).toContain('"whole":9007199254740993,"real":1.0');
  });

  it('does for one request what its header says', async () => {
    const { index } = searched;
    const body = { query: { match: { title: 'quick fox' } }, size: 5 };
    // What earlier tests wrote changes lexical scores when it comes to be seen: now, and not between two searches.
    await ask(node, `/${index}/_refresh`);
    const applied: Record<string, unknown> = {};
    const hits: Record<string, unknown> = {};
    for (const mode of ['off', 'replace', 'add', 'rescore', 'hybrid']) {
      const answer = await ask(through, `/${index}/_search`, body, { 'x-termweave': mode });
      applied[mode] = answer.headers.get('x-termweave-applied');
      hits[mode] = ((await answer.json()) as { hits: object }).hits;
    }
    expect(applied).toEqual({ off: 'none', replace: 'replace', add: 'add', rescore: 'rescore', hybrid: 'hybrid' });
    expect(hits.off).toEqual(((await (await ask(node, `/${index}/_search`, body)).json()) as { hits: object }).hits);
    expect(hits.hybrid).not.toEqual(hits.off);
    expect((await ask(through, `/${index}/_search`, body, { 'x-termweave': 'more' })).status).toBe(400);
  });

  it('hands everything else on, byte for byte', async () => {
    const { index } = searched;
    const requests: [string, string, unknown?, Record<string, string>?][] = [
      ['GET', '/_cat/indices?h=index&s=index&format=json'],
      ['GET', `/${index}/_mapping`],
      ['GET', `/${index}/_doc/d1`],
      ['HEAD', `/${index}/_doc/d1`],
      ['GET', `/${index}/_doc/no%20such%2Fid`],
      ['GET', '/no-such-index/_search'],
      ['POST', `/${index}/_search`, '{"query":'],
      ['POST', `/${index}/_search`, '{"query":{"nope":{}}}'],
      ['POST', `/${index}/_count`, { query: { match: { title: 'fox' } } }],
      ['GET', `/${index}/_search?q=title:fox&size=3`],
      ['GET', `/${index}/_settings?flat_settings`, undefined, { 'accept-encoding': 'gzip' }],
      ['DELETE', '/no-such-index'],
      ['POST', '/_bulk', '{"index":{}}\nnope\n'],
      ['PUT', `/${index}/_doc/x`, '[1]'],
      ['POST', `/${index}/_search`, '{"query":{"match_all":{}}}', { 'content-type': 'text/plain' }],
      ['GET', `/${index}/%zz`],
    ];
    for (const [method, path, body, headers] of requests)
      await expectSame(() => [node, through].map((at) => ask(at, path, body, headers, method)));
    const off = { 'x-termweave': 'off' };
    await fc.assert(
      fc.asyncProperty(searchBodies(3), (body) =>
        expectSame(() => [node, through].map((at) => ask(at, `/${index}/_search`, body, off))),
      ),
      { numRuns: 100 },
    );
  });
});

/** Asks directly and through the gateway: status, headers that are not about the connection, and bytes are the same. */
async function expectSame(asks: () => Promise<Response>[]): Promise<void> {
  const [direct, through] = await Promise.all(
    (await Promise.all(asks())).map(async (answer) => {
      const headers = [...answer.headers].filter(
        ([name]) => !/^(x-termweave|connection$|keep-alive$|transfer-encoding$|content-length$)/.test(name),
      );
      const text = (await answer.text()).replace(/"took":\d+/g, '"took":0');
      return { status: answer.status, headers, text };
    }),
  );
  expect(through).toEqual(direct);
}
