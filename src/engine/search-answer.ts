import type { JsonObject } from '../dialect/dialect.js';
import type { Hit, SearchAnswer } from './engine.js';
import { IndexUnavailable } from './engine-faults.js';

/** The body of a search's answer, as both engines write it. */
export interface SearchBody extends JsonObject {
  readonly took: number;
  readonly timed_out: boolean;
  readonly _shards?: ShardsAnswer;
  readonly hits: { readonly total?: { readonly value: number } | number; readonly hits: readonly WireHit[] };
}

/** How many shards a request was sent to, and how many of them answered. */
export interface ShardsAnswer {
  readonly total?: number;
  readonly successful?: number;
  readonly failed?: number;
  readonly failures?: readonly { readonly reason?: { readonly reason?: string } }[];
}

interface WireHit extends JsonObject {
  readonly _id: string;
  readonly _index: string;
  readonly _score: number | null;
  readonly _routing?: string;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly _source?: JsonObject;
  readonly sort?: readonly unknown[];
}

/**
 * Reads an answer.
 * @throws {IndexUnavailable} where it is not whole: a shard failed, or time ran out.
 */
export function readSearchAnswer(body: SearchBody, index: string): SearchAnswer {
  if (body.timed_out) throw new IndexUnavailable(index, 'the search ran out of time before every shard had answered');
  mustHaveEveryShard(body._shards, index);
  const { total, hits } = body.hits;
  return {
    hits: hits.map(readHit),
    total: typeof total === 'number' ? total : total?.value,
    tookMs: body.took,
    raw: body,
  };
}

/**
 * Checks that every shard has answered: a shard that nobody holds counts neither as successful nor, always, as failed.
 * @throws {IndexUnavailable}
 */
export function mustHaveEveryShard(shards: ShardsAnswer | undefined, index: string): void {
  const { failed = 0, total = 0, successful = total, failures } = shards ?? {};
  const missing = Math.max(failed, total - successful);
  if (missing === 0) return;
  const reason = failures?.[0]?.reason?.reason ?? 'no reason given';
  throw new IndexUnavailable(index, `${missing} of ${total} shards failed: ${reason}`);
}

function readHit(hit: WireHit): Hit {
  return {
    id: hit._id,
    index: hit._index,
    // Written as the shortest decimal that is this float32, which as a double is another number.
    score: hit._score === null ? null : Math.fround(hit._score),
    routing: hit._routing,
    seqNo: hit._seq_no,
    primaryTerm: hit._primary_term,
    source: hit._source,
    sort: hit.sort,
    raw: hit,
  };
}
