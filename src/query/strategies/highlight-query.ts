import type { JsonObject } from '../../dialect/dialect.js';

/** Highlighters mark the words of the query, and a vector has none: they are told the lexical query. */
export function withHighlightQuery(body: JsonObject, lexical: unknown): JsonObject {
  const highlight = body.highlight as JsonObject | undefined;
  if (!highlight || highlight.highlight_query !== undefined) return body;
  return { ...body, highlight: { ...highlight, highlight_query: lexical } };
}
