import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { type OfficialClient, withSplade } from '../../../src/clients/with-splade.js';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { elasticdump, type JavaSystem, javaRestClient, output, python } from '../../support/other-systems.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyModel } from '../../support/toy-model.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of the engine
type Answer = any;

onEveryEngine('clients in other languages, through a gateway', ({ url, engine, version }) => {
  let searched: SearchedIndex;
  let gateway: Gateway;
  let node: string;
  let through: string;
  beforeAll(async () => {
    node = await url();
    searched = await searchedIndex(node);
    gateway = createGateway({
      ...{ upstream: { url: node }, version: searched.engine.version },
      encoder: toyModel(searched.plan),
    });
    through = await gateway.listen(0);
  }, 120_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await searched?.[Symbol.asyncDispose]();
  });

  /** What the wrapped JavaScript client answers. */
  const wrapped = async (path: string, body: object): Promise<Answer> => {
    const client = engine === 'opensearch' ? new OpenSearchClient({ node }) : new ElasticsearchClient({ node });
    const asking = withSplade(client as OfficialClient, { ...searched, encoder: toyModel(searched.plan) }) as Answer;
    const answer = await asking.transport.request({ method: 'POST', path, body });
    await client.close();
    return answer.body ?? answer;
  };

  const vectorsOf = async (index: string) => {
    const body = { size: 1_000, _source: searched.dialect.sourceWithVectors };
    const { hits } = await searched.engine.search(index, body);
    return new Map(hits.map(({ id, source }) => [id, source!.splade]));
  };

  describe('the low-level Java client', () => {
    let java: JavaSystem;
    beforeAll(async () => {
      java = await javaRestClient();
    }, 300_000);

    const ask = async (...requests: [method: string, path: string, body: string, type?: string][]) => {
      const lines = requests.map(([method, path, body, type = 'application/json']) =>
        [method, path, type, body.replaceAll('\n', '\\n')].join('\t'),
      );
      const printed = await java.feed(`${lines.join('\n')}\n`, 'RestClientRequests', through);
      return printed
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer);
    };

    it('indexes, sends bulks, searches and scrolls as the wrapped client does', async () => {
      const { index } = searched;
      const id = freshName('java');
      const search = { query: { match: { title: 'quick lazy fox' } }, size: 20, _source: false };
      const bulk = [{ index: { _id: `${id}-1` } }, { title: 'lazy fox', body: 'dog' }, { delete: { _id: 'nobody' } }];
      const [one, bulked, refreshed, found, page] = await ask(
        ['PUT', `/${index}/_doc/${id}`, '{"title":"quick fox","body":"sea"}'],
        ['POST', `/${index}/_bulk`, bulk.map((line) => `${JSON.stringify(line)}\n`).join(''), 'application/x-ndjson'],
        // Without a body: Elasticsearch refuses a refresh that has one.
        ['POST', `/${index}/_refresh`, ''],
        ['POST', `/${index}/_search`, JSON.stringify(search)],
        ['POST', `/${index}/_search?scroll=1m`, JSON.stringify({ ...search, size: 4 })],
      );
      expect([one.result, bulked.errors, refreshed._shards.failed]).toEqual(['created', false, 0]);
      const { hits } = await wrapped(`/${index}/_search`, search);
      expect(found.hits).toEqual(hits);
      expect(found.hits.hits.map(({ _id }: Answer) => _id)).toContain(`${id}-1`);
      const scroll = { scroll: '1m', scroll_id: page._scroll_id };
      const [next] = await ask(['POST', '/_search/scroll', JSON.stringify(scroll)]);
      expect([...page.hits.hits, ...next.hits.hits]).toEqual(hits.hits.slice(0, 8));
    }, 120_000);
  });

  // The client of 7 and those of 8 and 9 ask `GET /` or not, and send other media types: each engine gets its own.
  const pythonClient = { opensearch: 'opensearch-py==3.2.0', 7: 'elasticsearch==7.17.13', 9: 'elasticsearch==9.2.0' };
  it('the Python client indexes, sends bulks, searches, counts and scrolls as the wrapped client does', async () => {
    const kind = engine === 'opensearch' ? engine : (version.split('.')[0] as '7' | '9');
    const interpreter = await python([pythonClient[kind as keyof typeof pythonClient]]);
    const { index } = searched;
    const id = freshName('python');
    const search = { query: { match: { title: 'quick lazy fox' } }, size: 50, _source: false };
    const program = ['test/support/python_client.py', engine, through, index, id];
    const seen = JSON.parse(await output(interpreter, program, {}, JSON.stringify(search))) as Answer;
    expect([seen.result, seen.written, seen.failed]).toEqual(['created', 20, []]);
    const { hits } = await wrapped(`/${index}/_search`, search);
    expect(hits.hits.map(({ _id }: Answer) => _id)).toEqual(expect.arrayContaining([id, `${id}-19`]));
    expect(seen.hits).toEqual(hits);
    expect(seen.multi).toEqual([hits, hits]);
    const whole = await wrapped(`/${index}/_search`, { ...search, size: 1_000, track_total_hits: true });
    expect(seen.count).toBe(whole.hits.total.value);
    expect(seen.scrolled).toEqual(whole.hits.hits.map(({ _id }: Answer) => _id));
  }, 300_000);

  // elasticdump asks `GET /` first, which Elasticsearch 8 and 9 answer from a module (rest-root) that Maven Central does not have.
  const answersRoot = engine === 'opensearch' || version.startsWith('7.');
  (answersRoot ? it : it.skip)(
    'elasticdump copies documents out, and back in with vectors',
    async () => {
      const program = await elasticdump();
      const { index } = searched;
      const folder = await mkdtemp(join(tmpdir(), 'termweave-elasticdump-'));
      const file = join(folder, 'documents.jsonl');
      const dump = (input: string, to: string) =>
        output(process.execPath, [
          program,
          `--input=${input}`,
          `--output=${to}`,
          '--type=data',
          '--limit=50',
          '--quiet',
        ]);
      await dump(`${through}/${index}`, file);
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      const before = await vectorsOf(index);
      expect(lines.length).toBe(before.size);
      const bare = lines.map((line) => {
        const { _source, ...document } = JSON.parse(line) as Answer;
        const texts = Object.entries(_source).filter(([field]) => !Object.hasOwn(searched.plan.vectors, field));
        return `${JSON.stringify({ ...document, _source: Object.fromEntries(texts) })}\n`;
      });
      await writeFile(file, bare.join(''));
      const copy = freshName('elasticdump');
      const { mappings } = await searched.engine.describeIndex(index);
      await searched.engine.createIndex(copy, { mappings });
      await dump(file, `${through}/${copy}`);
      await searched.engine.refresh(copy);
      expect(await vectorsOf(copy)).toEqual(before);
    },
    300_000,
  );
});
