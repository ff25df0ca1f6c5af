import type { JsonObject } from '../../dialect/dialect.js';
import { type Fusion, fuse } from './fusion.js';
import { withHighlightQuery } from './highlight-query.js';
import type { JoinedPage } from './joined-page.js';

/** A hit as engines write it. */
interface WireHit extends JsonObject {
  readonly _id: string;
  readonly _index?: string;
  readonly _routing?: string;
  readonly _score?: number | null;
}

/** Shards that were asked, and what became of them. */
interface ShardCounts extends JsonObject {
  readonly failed?: number;
  readonly failures?: readonly unknown[];
}

/** The answer to a search as engines write it. */
export interface WireSearchAnswer extends JsonObject {
  readonly took?: number;
  readonly timed_out?: boolean;
  readonly _shards?: ShardCounts;
  readonly hits: { readonly hits: readonly WireHit[]; readonly total?: unknown; readonly max_score?: number | null };
}

/** Sections that would say the same twice: the lexical list answers them. */
const ASKED_ONCE = ['aggs', 'aggregations', 'suggest', 'profile', 'track_total_hits'];

/**
 * Two searches whose lists the client joins. Both always ask for the same window from its beginning, whatever page is wanted: a document's
 * ranks, and so its joined score and its place, are the same on every page, so pages neither overlap nor miss. They end with the joined lists.
 */
export class HybridLists {
  readonly lexical: JsonObject;
  readonly sparse: JsonObject;

  /** @param body with its lexical `query`. @param sparse the query of the second list. */
  constructor(
    body: JsonObject,
    sparse: JsonObject,
    private readonly fusion: Fusion,
    private readonly page: JoinedPage,
  ) {
    this.lexical = { ...body, from: 0, size: page.depth };
    const once = Object.entries(this.lexical).filter(([key]) => !ASKED_ONCE.includes(key));
    const second = { ...Object.fromEntries(once), query: sparse, track_total_hits: false };
    this.sparse = withHighlightQuery(second, body.query);
  }

  /**
   * One answer of two: the page of the joined list, each hit as its list gave it (the lexical one's first) with its joined score; everything else is the
   * lexical answer's, but that a list which ran out of time or lost shards is not hidden. `total` counts what the words match, and says that more may be found.
   */
  join(lexical: WireSearchAnswer, sparse: WireSearchAnswer): WireSearchAnswer {
    const hits = new Map([...sparse.hits.hits, ...lexical.hits.hits].map((hit) => [keyOf(hit), hit]));
    const fused = fuse(this.fusion, rankedOf(lexical), rankedOf(sparse));
    const { from, size } = this.page;
    const page = fused.slice(from, from + size).map(({ id, score }) => ({ ...hits.get(id)!, _score: score }));
    return {
      ...lexical,
      ...(lexical.took !== undefined && { took: Math.max(lexical.took, sparse.took ?? 0) }),
      ...(lexical.timed_out !== undefined && { timed_out: lexical.timed_out || sparse.timed_out === true }),
      ...(lexical._shards && { _shards: theWorse(lexical._shards, sparse._shards) }),
      hits: {
        ...lexical.hits,
        ...(lexical.hits.total !== undefined && { total: atLeast(fused.length, lexical.hits.total) }),
        max_score: fused[0]?.score ?? null,
        hits: page,
      },
    };
  }
}

/** The shards of the list that lost more of them: both ask the same ones. */
function theWorse(lexical: ShardCounts, sparse: ShardCounts | undefined): ShardCounts {
  return (sparse?.failed ?? 0) > (lexical.failed ?? 0) ? sparse! : lexical;
}

/** The same id may stand in several indices, and in one under several routings. */
function keyOf({ _id, _index = '', _routing = '' }: WireHit): string {
  // By the id first, and nothing sorts before what separates it: equal scores stand in the order of their ids.
  return [_id, _index, _routing].join('\0');
}

function rankedOf({ hits }: WireSearchAnswer) {
  return hits.hits.map((hit) => ({ id: keyOf(hit), score: hit._score ?? 0 }));
}

function atLeast(found: number, total: unknown): unknown {
  if (typeof total === 'number') return Math.max(found, total);
  return { value: Math.max(found, (total as { value: number }).value), relation: 'gte' };
}
