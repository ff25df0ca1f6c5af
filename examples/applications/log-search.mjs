/**
 * A log search: the operator's own query syntax, a span of time, newest first. Written for a plain client.
 *
 *   node examples/applications/log-search.mjs http://localhost:9200 logs "timeout AND NOT retry" 2026-01-01
 */
import { main } from './main.mjs';

export async function logSearch(client, index, syntax, since) {
  const answer = await client.search({
    index,
    body: {
      query: {
        bool: {
          must: [{ query_string: { query: syntax, fields: ['body'] } }],
          filter: [{ range: { date: { gte: since } } }],
        },
      },
      sort: [{ date: 'desc' }],
      size: 20,
      track_total_hits: true,
    },
  });
  return answer.body ?? answer;
}

await main(import.meta.url, (client, [index, syntax, since]) => logSearch(client, index, syntax, since));
