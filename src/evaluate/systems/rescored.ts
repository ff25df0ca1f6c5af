import type { JsonObject } from '../../dialect/dialect.js';
import { sparseQuery } from '../../query/sparse-query.js';
import { RESCORE_WINDOW, rescore } from '../../query/strategies/rescore.js';
import { lexicalQuery } from './bm25.js';
import { type System, searchScores } from './system.js';

/**
 * BM25 finds, and the first of what it found are put in the order of SPLADE, as the strategy `rescore` of translated searches does: little dearer than BM25, and
 * blind for documents that share no word with the query.
 * @param window how many are reordered, on each shard.
 */
export function rescored(window = RESCORE_WINDOW): System {
  const strategy = rescore({ window });
  return {
    spec: strategy.spec,
    asking: { window },
    async rank(index, { text, vector }, options) {
      const { query, features } = sparseQuery(vector, index);
      const { size, page = size } = options;
      const words = { query: lexicalQuery(index.textFields, text), size: page };
      const { body } = strategy.place(words, query) as { body: JsonObject };
      return { documents: await searchScores(index, body, options), clauses: features.length };
    },
  };
}
