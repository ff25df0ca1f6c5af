import type { JsonObject } from '../../dialect/dialect.js';
import { sparseQuery } from '../../query/sparse-query.js';
import { RESCORE_WINDOW, rescore } from '../../query/strategies/rescore.js';
import { bm25, lexicalQuery } from './bm25.js';
import { splade } from './splade.js';
import { type System, searchScores } from './system.js';

/**
 * BM25 finds, and the first of what it found are put in the order of SPLADE, as the strategy `rescore` of translated searches does: little dearer than BM25, and
 * blind for documents that share no word with the query.
 * @param window how many are reordered on each shard, never fewer than a page has.
 */
export function rescored(window = RESCORE_WINDOW): System {
  const strategy = rescore({ window });
  return {
    spec: strategy.spec,
    combines: [bm25.spec, splade().spec],
    asking: { window },
    async rank(index, { text, vector }, options) {
      const { query, features } = sparseQuery(vector, index);
      // What is looked at beyond the window, to judge it, is as words found it: that is what a page of the window's size would be followed by.
      const { size, page = Math.min(size, window) } = options;
      const words = { query: lexicalQuery(index.textFields, text), size: page };
      const { body } = strategy.place(words, query) as { body: JsonObject };
      return { documents: await searchScores(index, body, options), clauses: features.length };
    },
  };
}
