/**
 * A search page: a text, facets to choose and counted, words marked, page by page. Written for a plain client; to ask by SPLADE, wrap the client (the one
 * line in `main`) and change nothing else.
 *
 *   node examples/applications/search-page.mjs http://localhost:9200 books "how does a fox hunt" [PAGE] [TAG]
 */
import { main } from './main.mjs';

const PAGE_SIZE = 5;

export async function searchPage(client, index, text, page = 0, tag = undefined) {
  const answer = await client.search({
    index,
    body: {
      query: {
        bool: {
          must: { multi_match: { query: text, fields: ['title^2', 'body'] } },
          filter: tag === undefined ? [] : [{ term: { tag } }],
        },
      },
      from: page * PAGE_SIZE,
      size: PAGE_SIZE,
      aggs: { tags: { terms: { field: 'tag' } }, years: { histogram: { field: 'year', interval: 10 } } },
      highlight: { fields: { title: {}, body: {} } },
      track_total_hits: true,
    },
  });
  return answer.body ?? answer;
}

await main(import.meta.url, (client, [index, text, page = '0', tag]) =>
  searchPage(client, index, text, Number(page), tag),
);
