/**
 * Suggestions while one types: completions of the last word, and titles that fit what was typed, in one request. Written for a plain client.
 *
 *   node examples/applications/autosuggest.mjs http://localhost:9200 books "quick fo"
 */
import { main } from './main.mjs';

export async function suggestions(client, index, typed) {
  const completions = { query: { match_bool_prefix: { title: typed } }, size: 3, _source: ['title'] };
  const titles = { query: { match: { title: typed } }, size: 3, _source: ['title'] };
  const answer = await client.msearch({ index, body: [{}, completions, {}, titles] });
  return (answer.body ?? answer).responses;
}

await main(import.meta.url, (client, [index, typed]) => suggestions(client, index, typed));
