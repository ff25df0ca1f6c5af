/**
 * Three small programs as applications have them, written for a plain client: they know nothing of vectors. Each takes the client
 * that it is given; the two official clients differ in where the body stands, so a program asks through `ask`.
 */
export interface Asking {
  readonly index: string;
  search(body: Record<string, unknown>): Promise<SearchResponse>;
  msearch(bodies: readonly Record<string, unknown>[]): Promise<SearchResponse[]>;
}

export interface SearchResponse {
  readonly hits: { readonly total?: unknown; readonly hits: readonly FoundHit[] };
  readonly aggregations?: Record<string, unknown>;
}

interface FoundHit {
  readonly _id: string;
  readonly _score: number | null;
  readonly highlight?: Record<string, string[]>;
}

/** A search page: a text, facets chosen, facets counted, words marked, page by page. */
export async function searchPage(asking: Asking, text: string, page: number, tag?: string): Promise<SearchResponse> {
  return asking.search({
    query: {
      bool: {
        must: { multi_match: { query: text, fields: ['title^2', 'body'] } },
        filter: tag === undefined ? [] : [{ term: { tag } }],
      },
    },
    from: page * 5,
    size: 5,
    aggs: { tags: { terms: { field: 'tag' } }, years: { histogram: { field: 'year', interval: 10 } } },
    highlight: { fields: { title: {}, body: {} } },
    track_total_hits: true,
  });
}

/** Suggestions while one types: completions of the last word, and titles that fit, in one request. */
export async function suggestions(asking: Asking, typed: string): Promise<SearchResponse[]> {
  return asking.msearch([
    { query: { match_bool_prefix: { title: typed } }, size: 3, _source: ['title'] },
    { query: { match: { title: typed } }, size: 3, _source: ['title'] },
  ]);
}

/** A log search: the operator's own syntax, a span of time, newest first. */
export async function logSearch(asking: Asking, syntax: string, from: string): Promise<SearchResponse> {
  const filter = [{ range: { date: { gte: from } } }];
  const must = [{ query_string: { query: syntax, fields: ['body'] } }];
  return asking.search({
    query: { bool: { must, filter } },
    sort: [{ date: 'desc' }],
    size: 20,
    track_total_hits: true,
  });
}
