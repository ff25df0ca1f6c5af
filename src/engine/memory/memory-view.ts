import type { JsonObject } from '../../dialect/dialect.js';
import { BoundedHeap } from '../../sparse/bounded-heap.js';
import type { Hit, PageOptions, SearchAnswer } from '../engine.js';
import { evaluateQuery } from './evaluate-query.js';
import type { Scope } from './evaluation.js';
import { filterSource } from './filter-source.js';
import { known } from './known-keys.js';
import type { Matches } from './matches.js';
import type { MemoryIndex } from './memory-index.js';
import { reorder, rescoresOf } from './rescore.js';
import type { Scored } from './search-segment.js';
import { sparseClauses } from './sparse-clauses.js';

const DEFAULT_SIZE = 10;
const DEFAULT_PAGE = 500;

/** What a search's body may have: all else is refused. */
const BODY_KEYS = [
  ...['query', 'from', 'size', '_source', 'track_total_hits', 'rescore', 'min_score', 'post_filter'],
  // Every hit has its own.
  'seq_no_primary_term',
];

/** The documents of an index that were alive at one moment. Later ones have higher numbers, and later deaths are not seen. */
export class MemoryView implements Scope {
  /** By id, where a later state of the index has other documents; made when it is first asked for. */
  #numbers: Map<string, number> | undefined;

  private constructor(
    readonly index: MemoryIndex,
    private readonly live: Uint8Array,
    private readonly isSnapshot: boolean,
  ) {}

  /** A view for one search, made without copying: it is right as long as nothing is written. */
  static ofNow(index: MemoryIndex): MemoryView {
    return new MemoryView(index, index.live.values.subarray(0, index.live.length), false);
  }

  /** A view that stays as it is whatever is written. */
  static snapshot(index: MemoryIndex): MemoryView {
    return new MemoryView(index, index.live.values.slice(0, index.live.length), true);
  }

  get size(): number {
    return this.live.length;
  }

  numberOf(id: string): number | undefined {
    if (!this.isSnapshot) return this.index.numberOf(id);
    const alive = () => [...this.live.keys()].filter((doc) => this.live[doc]);
    this.#numbers ??= new Map(alive().map((doc) => [this.index.documents[doc]!.id, doc]));
    return this.#numbers.get(id);
  }

  /** @throws {EngineRefused} for what it does not speak. */
  search(asked: JsonObject): SearchAnswer {
    const body = known(asked, 'search', BODY_KEYS);
    const from = Number(body.from ?? 0);
    const wanted = from + Number(body.size ?? DEFAULT_SIZE);
    const rescores = rescoresOf(body.rescore);
    const depth = Math.max(wanted, ...rescores.map(({ window }) => window));
    const { best, total } = this.#heaviest(body, depth, body.track_total_hits !== false);
    const ranked = rescores.reduce((found, rescore) => reorder(found, rescore, this), best);
    const hits = ranked.slice(from, wanted).map(({ doc, score }) => this.#hit(doc, score, body._source));
    return { hits, total, tookMs: 0, raw: {} };
  }

  async *pages({ query, size = DEFAULT_PAGE, source, slice, share }: PageOptions): AsyncIterable<readonly Hit[]> {
    const matches = evaluateQuery(this, query ?? { match_all: {} });
    const { part, of } = slice ?? share ?? { part: 0, of: 1 };
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
  #heaviest(
    { query = { match_all: {} }, min_score, post_filter }: JsonObject,
    k: number,
    countAll: boolean,
  ): { best: Scored[]; total?: number } {
    const isBounded = min_score !== undefined || post_filter !== undefined;
    const sparse = isBounded ? undefined : sparseClauses(query as JsonObject);
    const features = sparse && this.index.features.get(sparse.field);
    if (features) {
      const { best, total } = features.search(sparse.features, k, { live: this.live, countAll });
      return { best, total: countAll ? total : undefined };
    }
    const matches = evaluateQuery(this, query);
    if (min_score !== undefined) matches.keepWhere((doc) => matches.scores[doc]! >= Math.fround(Number(min_score)));
    if (post_filter !== undefined) matches.keepOnly(evaluateQuery(this, post_filter));
    return this.#best(matches, k);
  }

  #best({ matched, scores }: Matches, k: number): { best: Scored[]; total: number } {
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
