import type { JsonObject } from '../../dialect/dialect.js';
import { type System, searchScores } from './system.js';

/**
 * The engine's own BM25 over the text fields, with its own analyzer: `match` on one field, the sum of the fields' scores over
 * several (`multi_match` of `most_fields`).
 */
export const bm25: System = {
  spec: 'bm25',
  async rank(index, { text }, options) {
    return {
      documents: await searchScores(index, { query: lexicalQuery(index.textFields, text) }, options),
      clauses: 0,
    };
  },
};

/** The search of {@link bm25} as the engine takes it. @param fields one text field or more. */
export function lexicalQuery(fields: readonly string[], text: string): JsonObject {
  if (fields.length === 1) return { match: { [fields[0]!]: { query: text } } };
  return { multi_match: { query: text, fields, type: 'most_fields' } };
}
