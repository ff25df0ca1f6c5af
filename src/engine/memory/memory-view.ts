import type { JsonObject } from '../../dialect/dialect.js';
import { BoundedHeap } from '../../sparse/bounded-heap.js';
import type { Hit, PageOptions, SearchAnswer } from '../engine.js';
import { evaluateQuery } from './evaluate-query.js';
import type { Matches } from './matches.js';
import type { MemoryIndex } from './memory-index.js';

const DEFAULT_SIZE = 10;
const DEFAULT_PAGE = 500;

/** The documents of an index that were alive at one moment. Later ones have higher numbers, and later deaths are not seen. */
export class MemoryView {
  readonly #index: MemoryIndex;
  readonly #live: Uint8Array;

  constructor(index: MemoryIndex) {
    this.#index = index;
    this.#live = Uint8Array.from(index.live);
  }

  search(body: JsonObject): SearchAnswer {
    const from = Number(body.from ?? 0);
    const size = Number(body.size ?? DEFAULT_SIZE);
    const matches = evaluateQuery(this.#index, (body.query as JsonObject | undefined) ?? { match_all: {} });
    const { best, total } = this.#heaviest(matches, from + size);
    const hits = best.slice(from).map((doc) => this.#hit(doc, matches.scores[doc]!, body._source));
    return { hits, total, tookMs: 0, raw: {} };
  }

  async *pages({ query, size = DEFAULT_PAGE, source, slice }: PageOptions): AsyncIterable<readonly Hit[]> {
    const matches = evaluateQuery(this.#index, query ?? { match_all: {} });
    const { part, of } = slice ?? { part: 0, of: 1 };
    let page: Hit[] = [];
    for (let doc = 0; doc < this.#live.length; doc++) {
      if (!this.#live[doc] || !matches.matched[doc] || doc % of !== part) continue;
      page.push(this.#hit(doc, null, source));
      if (page.length < size) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  /** The `k` documents of highest score, equal scores by rising number as Lucene's collectors do, and how many match. */
  #heaviest({ matched, scores }: Matches, k: number): { best: number[]; total: number } {
    const heap = new BoundedHeap<number>(k, (a, b) => scores[a]! - scores[b]! || b - a);
    let total = 0;
    for (let doc = 0; doc < this.#live.length; doc++) {
      if (!matched[doc] || !this.#live[doc]) continue;
      total++;
      heap.offer(doc);
    }
    return { best: heap.drainBestFirst(), total };
  }

  #hit(doc: number, score: number | null, filter: unknown): Hit {
    const { id, routing, source, seqNo } = this.#index.documents[doc]!;
    return { id, score, routing, seqNo, primaryTerm: 1, source: filterSource(source, filter), raw: {} };
  }
}

function filterSource(source: JsonObject, filter: unknown): JsonObject | undefined {
  if (filter === false) return undefined;
  if (filter === undefined || filter === true) return source;
  const { includes, excludes } =
    Array.isArray(filter) || typeof filter === 'string' ? { includes: filter } : (filter as JsonObject);
  const wanted = includes === undefined ? undefined : new Set([includes].flat());
  const unwanted = new Set([excludes ?? []].flat());
  const kept = Object.entries(source).filter(([name]) => (!wanted || wanted.has(name)) && !unwanted.has(name));
  return Object.fromEntries(kept);
}
