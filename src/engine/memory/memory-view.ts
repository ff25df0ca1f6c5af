import type { JsonObject } from '../../dialect/dialect.js';
import { BoundedHeap } from '../../sparse/bounded-heap.js';
import type { Hit, PageOptions, SearchAnswer } from '../engine.js';
import type { Scored } from './block-search.js';
import { evaluateQuery } from './evaluate-query.js';
import { filterSource } from './filter-source.js';
import type { MemoryIndex } from './memory-index.js';
import { reorder, rescoresOf } from './rescore.js';
import { sparseClauses } from './sparse-clauses.js';

const DEFAULT_SIZE = 10;
const DEFAULT_PAGE = 500;

/** The documents of an index that were alive at one moment. Later ones have higher numbers, and later deaths are not seen. */
export class MemoryView {
  private constructor(
    private readonly index: MemoryIndex,
    private readonly live: Uint8Array,
  ) {}

  /** A view for one search, made without copying: it is right as long as nothing is written. */
  static ofNow(index: MemoryIndex): MemoryView {
    return new MemoryView(index, index.live.values.subarray(0, index.live.length));
  }

  /** A view that stays as it is whatever is written. */
  static snapshot(index: MemoryIndex): MemoryView {
    return new MemoryView(index, index.live.values.slice(0, index.live.length));
  }

  search(body: JsonObject): SearchAnswer {
    const from = Number(body.from ?? 0);
    const wanted = from + Number(body.size ?? DEFAULT_SIZE);
    const rescores = rescoresOf(body.rescore);
    const depth = Math.max(wanted, ...rescores.map(({ window }) => window));
    const query = (body.query as JsonObject | undefined) ?? { match_all: {} };
    const { best, total } = this.#heaviest(query, depth, body.track_total_hits !== false);
    const ranked = rescores.reduce((found, rescore) => reorder(found, rescore, this.index), best);
    const hits = ranked.slice(from, wanted).map(({ doc, score }) => this.#hit(doc, score, body._source));
    return { hits, total, tookMs: 0, raw: {} };
  }

  async *pages({ query, size = DEFAULT_PAGE, source, slice, oneIn = 1 }: PageOptions): AsyncIterable<readonly Hit[]> {
    const matches = evaluateQuery(this.index, query ?? { match_all: {} });
    const { part, of } = slice ?? { part: 0, of: oneIn };
    let page: Hit[] = [];
    for (let doc = 0; doc < this.live.length; doc++) {
      if (!this.live[doc] || !matches.matched[doc] || doc % of !== part) continue;
      page.push(this.#hit(doc, null, source));
      if (page.length < (typeof size === 'function' ? size() : size)) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  /** The `k` documents of highest score, equal scores by rising number as Lucene's collectors do, and how many match. */
  #heaviest(query: JsonObject, k: number, countAll: boolean): { best: Scored[]; total?: number } {
    const sparse = sparseClauses(query);
    const features = sparse && this.index.features.get(sparse.field);
    if (features) {
      const { best, total } = features.search(sparse.features, k, { live: this.live, countAll });
      return { best, total: countAll ? total : undefined };
    }
    const { matched, scores } = evaluateQuery(this.index, query);
    const heap = new BoundedHeap<number>(k, (a, b) => scores[a]! - scores[b]! || b - a);
    let total = 0;
    for (let doc = 0; doc < this.live.length; doc++) {
      if (!matched[doc] || !this.live[doc]) continue;
      total++;
      heap.offer(doc);
    }
    return { best: heap.drainBestFirst().map((doc) => ({ doc, score: scores[doc]! })), total };
  }

  #hit(doc: number, score: number | null, filter: unknown): Hit {
    const { id, routing, seqNo } = this.index.documents[doc]!;
    const source = filter === false ? undefined : filterSource(this.index.sourceOf(doc), filter);
    return { id, index: this.index.name, score, routing, seqNo, primaryTerm: 1, source, raw: {} };
  }
}
