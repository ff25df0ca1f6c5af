import type { JsonObject } from '../../dialect/dialect.js';
import { queriesIn } from '../language/walk-query.js';
import { withHighlightQuery } from './highlight-query.js';
import { type ClausePair, type Strategy, scaled } from './strategy.js';

/**
 * SPLADE instead of the lexical clause. Where what matches must stay the same, the lexical clause goes on as a filter and only the
 * score is SPLADE's: `should` beside a filter changes no match.
 */
export function replace(): Strategy {
  return {
    spec: 'replace',
    asksBeside: 'nothing',
    pair: replacing,
    place: (body, query) => ({ body: withHighlightQuery({ ...body, query }, body.query) }),
    placeRetriever: (body, retriever) => ({ body: withHighlightQuery({ ...body, retriever }, lexicalIn(body)) }),
  };
}

/** All that a body's retriever asks by words. */
function lexicalIn({ retriever }: JsonObject): JsonObject {
  const queries = queriesIn(retriever);
  return queries.length === 1 ? queries[0]! : { bool: { should: queries } };
}

export function replacing({ bare, sparse, keepMatches, label }: ClausePair): JsonObject {
  if (!keepMatches) return scaled(sparse, 1, label);
  return { bool: { filter: [bare], should: [sparse], ...(label !== undefined && { _name: label }) } };
}
