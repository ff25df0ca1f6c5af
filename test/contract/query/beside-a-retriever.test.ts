import type { JsonObject } from '../../../src/dialect/dialect.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { onEveryEngine } from '../../support/engines.js';
import { besideAQuery } from '../../support/search-bodies.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVectors } from '../../support/toy-encoder.js';

/**
 * The published builds have no `rrf`. `rescorer` is of the same kind, a compound retriever, and the engine's rules on what may stand beside one are those of
 * the kind (SearchSourceBuilder.validate, CompoundRetrieverBuilder.validate).
 */
function byRescorer({ retriever, ...rest }: JsonObject): JsonObject {
  const { rrf } = retriever as { rrf: { retrievers: JsonObject[]; rank_window_size: number } };
  const [lexical, sparse] = rrf.retrievers as { standard: { query: JsonObject } }[];
  const rescore = { window_size: rrf.rank_window_size, query: { rescore_query: sparse!.standard.query } };
  return { ...rest, retriever: { rescorer: { retriever: lexical, rescore } } };
}

onEveryEngine(
  'what stands beside a retriever that joins lists',
  ({ url }) => {
    let searched: SearchedIndex;
    beforeAll(async () => {
      searched = await searchedIndex(await url());
    }, 120_000);
    afterAll(() => searched?.[Symbol.asyncDispose]());

    it('leaves the words marked that a retriever asked', async () => {
      const body = {
        retriever: { standard: { query: { match: { title: 'quick lazy' } } } },
        highlight: { fields: { title: {} } },
      };
      const { body: translated, report } = translate(body, searched, toyVectors(textsIn(body, searched)));
      expect(report.translated).toHaveLength(1);
      const marked = async (asked: JsonObject) => {
        const { hits } = (await searched.send('_search', { ...asked, size: 100 })).body.hits as {
          hits: { _id: string; highlight?: object }[];
        };
        return hits.filter(({ highlight }) => highlight).map(({ _id, highlight }) => [_id, highlight]);
      };
      const before = await marked(body);
      expect(before.length).toBeGreaterThan(5);
      expect((await marked(translated)).sort()).toEqual(before.sort());
    });

    it('is what the engine takes there, and what it refuses is refused by name', async () => {
      const options = { ...searched, strategy: hybrid({ by: 'retriever', window: 100 }) };
      const joined = (body: JsonObject) => translate(body, options, toyVectors(textsIn(body, options)));
      const query = { match: { title: 'quick lazy' } };
      const plain = joined({ query }).body;
      const refused: Record<string, number> = {};
      for (const [key, part] of Object.entries(besideAQuery)) {
        const { body, report } = joined({ query, [key]: part });
        if (report.refused.length > 0)
          refused[key] = (await searched.send('_search', byRescorer({ ...plain, [key]: part }))).status;
        else expect([key, (await searched.send('_search', byRescorer(body))).status]).toEqual([key, 200]);
      }
      // `collapse` it takes: OpenSearch and the client join groups that they cannot tell.
      expect(refused).toEqual({ sort: 400, collapse: 200, terminate_after: 400, rescore: 400 });
    });

    it('has its queries in one where hits are counted or sorted into facets, with what it found as one clause more', async () => {
      const asking = (terms: number) => {
        const should = Array.from({ length: terms }, (_, i) => ({ term: { title: `word${i}` } }));
        return { bool: { should } };
      };
      const { body } = await searched.send('_search', { query: asking(100_000) });
      const limit = Number(/maxClauseCount is set to (\d+)/.exec(JSON.stringify(body))![1]);
      const retriever = {
        rescorer: {
          retriever: { standard: { query: asking(limit) } },
          rescore: { query: { rescore_query: asking(limit) } },
        },
      };
      const status = async (rest: JsonObject) => (await searched.send('_search', { retriever, ...rest })).status;
      expect(await status({ track_total_hits: false })).toBe(200);
      expect(await status({})).toBe(400);
      expect(await status({ track_total_hits: false, aggs: { years: { terms: { field: 'year' } } } })).toBe(400);
    });
  },
  ({ engine, version }) => engine === 'elasticsearch' && version.startsWith('9'),
);
