import type { JsonObject } from '../../dialect/dialect.js';
import type { HybridLists } from './hybrid-lists.js';

/** A text clause in both forms. */
export interface ClausePair {
  /** The clause as the caller wrote it, with its boost and name. */
  readonly lexical: JsonObject;
  /** The same without boost and name. */
  readonly bare: JsonObject;
  /** The sparse query, boosted as the clause was. */
  readonly sparse: JsonObject;
  /** Whether what matches must stay what it was: the clause demands, or the body counts. */
  readonly keepMatches: boolean;
  /** The clause's `_name`. */
  readonly label?: string;
}

/** What a body becomes: a body, two whose answers are joined, or the reason why it cannot be had. */
export type Placement = { readonly body: JsonObject } | { readonly lists: HybridLists } | { readonly refused: string };

/**
 * What one query asks beside the vectors, also where nothing demands it, since engines bound what a query asks: nothing, the words of each
 * translated clause, or the lexical query, so that what stays as it was stands there twice.
 */
export type AskedBeside = 'nothing' | 'words' | 'query';

/** How lexical and sparse scores are brought together: a value. See {@link replace}, {@link add}, {@link rescore}, {@link hybrid}. */
export interface Strategy {
  /** Its written form. */
  readonly spec: string;
  readonly asksBeside: AskedBeside;
  /** The query that takes a text clause's place. */
  pair(clause: ClausePair): JsonObject;
  /**
   * The body with its query rewritten. `query` is the body's query with every pair in place.
   * The body has a `query` and no `retriever`.
   */
  place(body: JsonObject, query: JsonObject): Placement;
  /** The body with its retriever rewritten; a strategy that joins whole result lists refuses. */
  placeRetriever(body: JsonObject, retriever: JsonObject): Placement;
}

/** Puts the rewritten retriever where the old one was. */
export function intoRetriever(body: JsonObject, retriever: JsonObject): Placement {
  return { body: { ...body, retriever } };
}

/** Refuses a body that says with a retriever how results are joined. */
export function refuseRetriever(): Placement {
  return { refused: 'its retriever says already how results are found and joined: use replace or add' };
}

/** A query under a boost and a name, wherever its own form has no place for them. */
export function scaled(query: JsonObject, boost: number, label?: string): JsonObject {
  if (boost === 1 && label === undefined) return query;
  return { bool: { must: [query], ...(boost !== 1 && { boost }), ...(label !== undefined && { _name: label }) } };
}
