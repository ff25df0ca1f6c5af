import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import type { SpladePlan } from '../../../src/clients/splade-plan.js';
import { withSplade } from '../../../src/clients/with-splade.js';
import { vectorIn } from '../../../src/dialect/kept-passages.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import type { TranslationReport } from '../../../src/query/translation/translation-report.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { searchedDocument } from '../../support/search-bodies.js';
import { type SearchResponse, searchPrograms } from '../../support/search-programs.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVector } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';

/** Both clients as one, as far as these tests ask them. */
interface Wrappable {
  /** The client itself, as the programs take it. */
  readonly client: unknown;
  search(body: Record<string, unknown>): Promise<SearchResponse>;
  wrapped(splade: SpladePlan): Wrappable;
  request(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  bulk(lines: readonly unknown[]): Promise<unknown>;
  bulkHelper(documents: readonly Record<string, unknown>[]): Promise<unknown>;
  scroll(query: Record<string, unknown>): Promise<string[]>;
  close(): Promise<void>;
}

function elasticsearch(client: ElasticsearchClient, index: string): Wrappable {
  return {
    client,
    search: async (body) => (await client.search({ index, ...body })) as SearchResponse,
    wrapped: (splade) => elasticsearch(withSplade(client, splade), index),
    request: (method, path, body) => client.transport.request({ method, path, body: body as object }),
    bulk: (lines) => client.bulk({ index, operations: lines as object[], refresh: true }),
    bulkHelper: (documents) =>
      client.helpers.bulk({
        datasource: [...documents],
        onDocument: () => ({ index: { _index: index } }),
        refreshOnCompletion: true,
      }),
    scroll: async (query) => {
      const ids: string[] = [];
      for await (const page of client.helpers.scrollSearch({ index, query, size: 4 })) {
        ids.push(...page.body.hits.hits.map(({ _id }) => _id!));
      }
      return ids;
    },
    close: () => client.close(),
  };
}

function openSearch(client: OpenSearchClient, index: string): Wrappable {
  return {
    client,
    search: async (body) => (await client.search({ index, body })).body as unknown as SearchResponse,
    wrapped: (splade) => openSearch(withSplade(client, splade), index),
    request: async (method, path, body) =>
      (await client.transport.request({ method, path, body: body as never })).body as never,
    bulk: (lines) => client.bulk({ index, body: lines as never, refresh: true }),
    bulkHelper: (documents) =>
      client.helpers.bulk({
        datasource: [...documents],
        onDocument: () => ({ index: { _index: index } }),
        refreshOnCompletion: true,
      }),
    scroll: async (query) => {
      const ids: string[] = [];
      for await (const page of client.helpers.scrollSearch({ index, body: { query } as never, size: 4 })) {
        ids.push(...(page.body as unknown as SearchResponse).hits.hits.map(({ _id }) => _id));
      }
      return ids;
    },
    close: () => client.close(),
  };
}

onEveryEngine('a wrapped client', ({ url, engine }) => {
  let searched: SearchedIndex;
  let programs: Awaited<ReturnType<typeof searchPrograms>>;
  let plain: Wrappable;
  let wrapped: Wrappable;
  let encoder: SpladePlan['encoder'];
  let reports: TranslationReport[];

  beforeAll(async () => {
    const node = await url();
    searched = await searchedIndex(node);
    encoder = toyModel(searched.plan);
    programs = await searchPrograms();
    const { index } = searched;
    plain =
      engine === 'opensearch'
        ? openSearch(new OpenSearchClient({ node }), index)
        : elasticsearch(new ElasticsearchClient({ node }), index);
  }, 120_000);
  beforeEach(() => {
    reports = [];
    wrapped = plain.wrapped({ ...searched, encoder, onTranslated: (report) => reports.push(report) });
  });
  afterAll(async () => {
    await plain?.close();
    await searched?.[Symbol.asyncDispose]();
  });

  it('runs a search page: facets and totals as before, words marked, pages that neither overlap nor miss', async () => {
    for (const tag of [undefined, 'red']) {
      const seen = new Set<string>();
      const before = await programs.searchPage(plain.client, searched.index, 'quick lazy fox', 0, tag);
      for (let page = 0; page < 4; page++) {
        const { hits, aggregations } = await programs.searchPage(
          wrapped.client,
          searched.index,
          'quick lazy fox',
          page,
          tag,
        );
        expect(aggregations).toEqual(before.aggregations);
        expect(hits.total).toEqual(before.hits.total);
        for (const hit of hits.hits) {
          expect(seen.has(hit._id)).toBe(false);
          seen.add(hit._id);
          expect(JSON.stringify(hit.highlight)).toContain('<em>');
        }
      }
      expect(seen.size).toBe(20);
    }
    expect(reports.every(({ translated }) => translated.length === 1)).toBe(true);
  });

  it('runs suggestions: the prefix stays lexical, the titles come by SPLADE', async () => {
    const [before, after] = [
      await programs.suggestions(plain.client, searched.index, 'quick fo'),
      await programs.suggestions(wrapped.client, searched.index, 'quick fo'),
    ];
    expect(after[0]!.hits).toEqual(before[0]!.hits);
    const [best] = after[1]!.hits.hits;
    // The wire has the shortest decimal of a float32.
    expect(Math.fround(best!._score!)).toBe(dotOfTitles('quick fo', best!._id));
  });

  it('runs a log search: what is sorted by date finds what it found', async () => {
    const ask = ({ client }: Wrappable) =>
      programs.logSearch(client, searched.index, 'quick AND NOT ship', '2012-01-01');
    expect((await ask(wrapped)).hits).toEqual((await ask(plain)).hits);
  });

  it('scrolls through what SPLADE finds, each document once', async () => {
    const ids = await wrapped.scroll({ match: { title: 'quick' } });
    // More than two pages of 4.
    expect(ids.length).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(ids.length);
    expect(reports[0]!.translated).toHaveLength(1);
  });

  it('leaves counts, other indices and what it does not handle alone', async () => {
    const query = { match: { title: 'quick' } };
    const count = (client: Wrappable) => client.request('POST', `/${searched.index}/_count`, { query });
    expect(await count(wrapped)).toEqual(await count(plain));
    const everywhere = (client: Wrappable) =>
      client.request('POST', '/_search', {
        query: { bool: { must: [query, { term: { _index: searched.index } }] } },
        size: 3,
      });
    expect((await everywhere(wrapped)).hits).toEqual((await everywhere(plain)).hits);
    expect(reports).toEqual([]);
  });

  it('leaves it to the engine to refuse a body, and takes a name that is a number', async () => {
    const broken = { query: { match: { title: 'quick', body: 'lazy' } } };
    await expect(plain.search(broken)).rejects.toMatchObject({ statusCode: 400 });
    await expect(wrapped.search(broken)).rejects.toMatchObject({ statusCode: 400 });
    expect(reports[0]).toMatchObject({ translated: [], refused: [{ reason: 'BODY_INVALID' }] });
    const { hits } = await wrapped.search({ query: { match: { title: { query: 'quick', _name: 5 } } }, size: 1 });
    expect(hits.hits).toMatchObject([{ matched_queries: ['5'] }]);
  });

  it('is not made of an encoder whose weights are held otherwise, and writes nothing cut otherwise', async () => {
    const like = (change: object) => ({ ...encoder, identity: { ...encoder.identity, ...change } });
    const wrap = (change: object) => plain.wrapped({ ...searched, encoder: like(change) });
    expect(() => wrap({ precision: 'int8' })).toThrow(expect.objectContaining({ code: 'MODEL_MISMATCH' }));
    const cutting = wrap({ maxTokens: 16 });
    expect((await cutting.search({ query: { match: { title: 'quick' } } })).hits.hits.length).toBeGreaterThan(0);
    const writing = cutting.request('PUT', `/${searched.index}/_doc/cut`, { title: 'a fox' });
    await expect(writing).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });

  it('takes a strategy', async () => {
    const reordered = plain.wrapped({ ...searched, encoder, strategy: rescore() });
    const query = { match: { title: 'quick' } };
    const body = { query, size: 100 };
    const ids = async (client: Wrappable) => (await client.search(body)).hits.hits.map(({ _id }) => _id).sort();
    expect(await ids(reordered)).toEqual(await ids(plain));
  });

  describe('joining lists itself', () => {
    const joining = () => plain.wrapped({ ...searched, encoder, strategy: hybrid({ by: 'client', window: 30 }) });
    const body = {
      query: { match: { title: 'quick lazy' } },
      highlight: { fields: { title: {} } },
      track_total_hits: true,
    };

    it('gives pages that neither overlap nor miss, in the order of one list', async () => {
      const client = joining();
      const all = (await client.search({ ...body, size: 100 })).hits.hits;
      const paged = [];
      for (let from = 0; from < all.length; from += 7) {
        paged.push(...(await client.search({ ...body, from, size: 7 })).hits.hits);
      }
      expect(paged.map(({ _id, _score }) => ({ _id, _score }))).toEqual(
        all.map(({ _id, _score }) => ({ _id, _score })),
      );
      expect(new Set(all.map(({ _id }) => _id)).size).toBe(all.length);
      // More than two pages of 7.
      expect(all.length).toBeGreaterThan(14);
    });

    it('joins by reciprocal rank what words and vectors find', async () => {
      const ranks = async (client: Wrappable) => {
        const { hits } = (await client.search({ ...body, size: 30 })).hits;
        return new Map(hits.map(({ _id }, rank) => [_id, 1 / (61 + rank)]));
      };
      const lists = [await ranks(plain), await ranks(wrapped)] as const;
      const [best] = (await joining().search(body)).hits.hits;
      expect(best!._score).toBeCloseTo((lists[0].get(best!._id) ?? 0) + (lists[1].get(best!._id) ?? 0), 12);
    });

    it('runs the search page and the suggestions', async () => {
      const before = await programs.searchPage(plain.client, searched.index, 'quick lazy fox', 0);
      const { hits, aggregations } = await programs.searchPage(joining().client, searched.index, 'quick lazy fox', 0);
      expect(aggregations).toEqual(before.aggregations);
      expect(hits.hits).toHaveLength(5);
      for (const { highlight } of hits.hits) expect(JSON.stringify(highlight)).toContain('<em>');
      const [prefix, titles] = await programs.suggestions(joining().client, searched.index, 'quick fo');
      expect(prefix!.hits).toEqual((await programs.suggestions(plain.client, searched.index, 'quick fo'))[0]!.hits);
      expect(titles!.hits.hits).toHaveLength(3);
      expect(titles!.hits.hits[0]!._score).toBeLessThan(1);
    });
  });

  it('gives what is written its vectors', async () => {
    const expected = (title: string, body: string) => ({
      splade: storedFeatures(toyVector(`${title} ${body}`), searched.dialect),
      splade_title: storedFeatures(toyVector(title), searched.dialect),
    });
    const { index } = searched;
    const sourceOf = async (id: string) => {
      const search = { query: { ids: { values: [id] } }, _source: searched.dialect.sourceWithVectors };
      await plain.request('POST', `/${index}/_refresh`);
      const answer = (await plain.request('POST', `/${index}/_search`, search)) as never as {
        hits: { hits: { _source: object }[] };
      };
      const { splade, splade_title } = answer.hits.hits[0]!._source as Record<string, unknown>;
      // To the entry: what an engine merges into an old vector is wrong and looks right.
      return { splade: vectorIn(splade), splade_title: vectorIn(splade_title) };
    };
    const id = freshName('written');
    await wrapped.request('PUT', `/${index}/_doc/${id}`, { title: 'red ship', body: 'blue sea' });
    expect(await sourceOf(id)).toEqual(expected('red ship', 'blue sea'));
    await wrapped.request('POST', `/${index}/_update/${id}`, { doc: { title: 'lazy', body: 'dog' } });
    expect(await sourceOf(id)).toEqual(expected('lazy', 'dog'));
    await wrapped.bulk([
      { index: { _id: `${id}-1` } },
      { title: 'fox', body: '東' },
      { delete: { _id: 'nobody' } },
      { update: { _id: id } },
      { doc: { title: 'a', body: 'b' } },
    ]);
    expect(await sourceOf(`${id}-1`)).toEqual(expected('fox', '東'));
    expect(await sourceOf(id)).toEqual(expected('a', 'b'));
    const marker = Number(Date.now() % 1_000_000);
    await wrapped.bulkHelper([{ title: 'über', body: 'alles', year: marker }]);
    const found = (await plain.request('POST', `/${index}/_search`, {
      query: { term: { year: marker } },
    })) as never as { hits: { hits: { _id: string }[] } };
    expect(await sourceOf(found.hits.hits[0]!._id)).toEqual(expected('über', 'alles'));
  });

  it('refuses an update that would leave a vector behind its text', async () => {
    const update = wrapped.request('POST', `/${searched.index}/_update/d1`, { doc: { body: 'only the body' } });
    await expect(update).rejects.toMatchObject({ code: 'UPDATE_PARTIAL_TEXT' });
  });

  /** The dot product that the engine must give for a document's title. */
  function dotOfTitles(text: string, id: string): number {
    const n = Number(id.slice(1));
    const stored = storedFeatures(toyVector(titleOf(n)), searched.dialect);
    let sum = 0;
    for (const { token, weight } of toyVector(text).terms()) sum += Math.fround(weight * (stored[token] ?? 0));
    return Math.fround(sum);
  }
});

function titleOf(n: number): string {
  return String(searchedDocument(n).title);
}
