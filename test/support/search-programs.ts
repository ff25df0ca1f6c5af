/** The programs of examples/applications, which were written for plain clients, with types for the tests. */
export interface SearchResponse {
  readonly hits: { readonly total?: unknown; readonly hits: readonly FoundHit[] };
  readonly aggregations?: Record<string, unknown>;
}

interface FoundHit {
  readonly _id: string;
  readonly _score: number | null;
  readonly highlight?: Record<string, string[]>;
}

interface Programs {
  searchPage(client: unknown, index: string, text: string, page?: number, tag?: string): Promise<SearchResponse>;
  suggestions(client: unknown, index: string, typed: string): Promise<SearchResponse[]>;
  logSearch(client: unknown, index: string, syntax: string, since: string): Promise<SearchResponse>;
}

/** Loads them, one after the other: Jest links modules that share another one at a time. */
export async function searchPrograms(): Promise<Programs> {
  const programs = {};
  for (const name of ['search-page', 'autosuggest', 'log-search']) {
    Object.assign(programs, await import(new URL(`../../examples/applications/${name}.mjs`, import.meta.url).href));
  }
  return programs as Programs;
}
