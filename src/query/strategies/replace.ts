import type { JsonObject } from '../../dialect/dialect.js';
import { withHighlightQuery } from './highlight-query.js';
import { type ClausePair, intoRetriever, type Strategy, scaled } from './strategy.js';

/**
 * SPLADE instead of the lexical clause. Where what matches must stay the same, the lexical clause goes on as a filter and only the
 * score is SPLADE's: `should` beside a filter changes no match.
 */
export function replace(): Strategy {
  return {
    spec: 'replace',
    pair: replacing,
    place: (body, query) => ({ body: withHighlightQuery({ ...body, query }, body.query) }),
    placeRetriever: intoRetriever,
  };
}

export function replacing({ bare, sparse, keepMatches, label }: ClausePair): JsonObject {
  if (!keepMatches) return scaled(sparse, 1, label);
  return { bool: { filter: [bare], should: [sparse], ...(label !== undefined && { _name: label }) } };
}
