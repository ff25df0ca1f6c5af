import fc from 'fast-check';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.js';
import { onEveryEngine } from '../../support/engines.js';
import { searchBodies } from '../../support/search-bodies.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyModel } from '../../support/toy-model.js';
import { translationTable } from '../../support/translation-table.js';

/** `TERMWEAVE_DIFFERENTIAL_REQUESTS=2000` for the whole trial. */
const REQUESTS = Number(process.env.TERMWEAVE_DIFFERENTIAL_REQUESTS ?? 200);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

onEveryEngine('what passes through a gateway', ({ url }) => {
  let searched: SearchedIndex;
  let gateway: Gateway;
  let node: string;
  let through: string;
  beforeAll(async () => {
    node = await url();
    searched = await searchedIndex(node);
    const { version } = searched.engine;
    gateway = createGateway({ upstream: { url: node }, version, encoder: toyModel(searched.plan) });
    through = await gateway.listen(0);
  }, 120_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await searched?.[Symbol.asyncDispose]();
  });

  const off = { 'x-termweave': 'off' };
  /** The queries of both engines' documentation, as docs/translation.md lists them. */
  const recorded = (): Sent[] =>
    translationTable().flatMap(({ query }) => [
      { method: 'POST', path: `/${searched.index}/_search?size=3`, body: JSON.stringify({ query }), headers: off },
      { method: 'POST', path: `/${searched.index}/_count`, body: JSON.stringify({ query }) },
      { method: 'GET', path: `/${searched.index}/_validate/query?explain`, body: JSON.stringify({ query }) },
    ]);

  const generated = (): fc.Arbitrary<Sent> => {
    const { index } = searched;
    const body = searchBodies(3).map((search) => JSON.stringify(search));
    const id = fc.constantFrom('d1', 'd7', 'none', 'a%2Fb', '%E6%9D%B1');
    const headers = fc.constantFrom<Record<string, string>[]>(
      {},
      { 'accept-encoding': 'gzip' },
      { accept: 'application/yaml' },
      { 'x-opaque-id': 'a' },
    );
    const asked = (method: string, path: string, sent: fc.Arbitrary<string | undefined> = fc.constant(undefined)) =>
      sent.map((one): Sent => ({ method, path, body: one }));
    const kinds = fc.oneof(
      { weight: 4, arbitrary: asked('POST', `/${index}/_search`, body).map((one) => ({ ...one, headers: off })) },
      { weight: 2, arbitrary: asked('POST', `/${index}/_count`, body) },
      asked(
        'POST',
        '/_msearch',
        fc.array(body, { maxLength: 3 }).map((all) => all.map((one) => `{"index":"${index}"}\n${one}\n`).join('')),
      ).map((one) => ({ ...one, headers: off })),
      id.chain((one) =>
        fc
          .constantFrom('_doc', '_source', '_explain')
          .chain((kind) =>
            asked(
              kind === '_explain' ? 'POST' : 'GET',
              `/${index}/${kind}/${one}`,
              fc.constant(kind === '_explain' ? '{"query":{"match_all":{}}}' : undefined),
            ),
          ),
      ),
      id.chain((one) => asked('HEAD', `/${index}/_doc/${one}`)),
      asked(
        'POST',
        `/${index}/_mget`,
        fc.array(id, { maxLength: 3 }).map((ids) => JSON.stringify({ ids })),
      ),
      asked(
        'POST',
        `/${index}/_analyze`,
        fc.string().map((text) => JSON.stringify({ text })),
      ),
      fc
        .constantFrom('_mapping', '_settings', '_alias', '_search?q=title:fox', '_search?q=%zz', '_nope')
        .chain((path) => asked('GET', `/${index}/${path}`)),
      fc
        .constantFrom(`/_cat/indices/${index}?h=index`, '/_nodes/_local/none', '/none/_search', '/%zz')
        .chain((path) => asked('GET', path)),
      fc.string().chain((text) => asked('POST', `/${index}/_search`, fc.constant(text === '' ? '{' : text))),
    );
    return fc.tuple(kinds, headers).map(([sent, more]) => ({ ...sent, headers: { ...sent.headers, ...more } }));
  };

  it(`is the same to the byte: the documented queries, and ${REQUESTS} generated requests`, async () => {
    const drawn = fc.sample(generated(), { numRuns: REQUESTS, seed: 20_261 });
    const statuses = new Set<number>();
    for (const sent of [...recorded(), ...drawn]) {
      const [direct, proxied] = [await answered(node, sent), await answered(through, sent)];
      expect({ sent, ...proxied }).toEqual({ sent, ...direct });
      statuses.add(direct.status);
    }
    for (const status of [200, 400, 404]) expect(statuses).toContain(status);
  }, 600_000);
});

/** Status, headers that are not about the connection, and the body; only the time that it took, and what `now` was, may differ. */
async function answered(at: string, { method, path, body, headers }: Sent) {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  // fetch sends no body with GET; engines take it by POST as well.
  const how = body !== undefined && method === 'GET' ? 'POST' : method;
  const answer = await fetch(at + path, { method: how, headers: { ...type, ...headers }, body });
  const kept = [...answer.headers].filter(
    ([name]) => !/^(x-termweave|connection$|keep-alive$|transfer-encoding$|content-length$)/.test(name),
  );
  const text = (await answer.text()).replace(/("?took"?:\s*)\d+/g, '$1:0').replace(/\b1[789]\d{11}\b/g, 'now');
  return { status: answer.status, headers: kept, text };
}
