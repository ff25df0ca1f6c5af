import type { JsonObject } from '../dialect/dialect.js';
import type { EngineVersion } from '../dialect/engine-version.js';

/** Options that every request takes. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** Options of a read that any copy of a shard may answer. */
export interface ReadOptions extends RequestOptions {
  /** `primary`: only primary shards answer. For indices of which `hasLaggingCopies`: of others all copies have what a refresh shows. */
  readonly copies?: 'primary';
}

/** An index as the engine describes it. */
export interface IndexDescription {
  /** The concrete index's name, also where an alias was asked for. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Where an alias was asked for that shows only a part of the index: its `filter`, its `search_routing`. */
  readonly shown?: JsonObject;
  /** Nested, as `GET /index/_settings` gives them: `{ index: {...} }`. */
  readonly settings: JsonObject;
  readonly mappings: JsonObject;
}

/**
 * One change to one document. `index` creates or replaces; ids are explicit, so that a repeated request changes nothing more. A value inside the
 * document, such as a vector that `EngineSink` sends, may come as its JSON, a `JsonText`: `JSON.stringify` writes what it says, `.value` and `withTextsRead` read it.
 */
export type Write =
  | ({ readonly kind: 'index' | 'create'; readonly source: JsonObject; readonly pipeline?: Pipeline } & Addressed &
      Guarded)
  | ({ readonly kind: 'update'; readonly doc: JsonObject } & Addressed & Guarded)
  | ({ readonly kind: 'delete' } & Addressed & Guarded);

/** `_none`: the index's `default_pipeline` is passed by. */
type Pipeline = '_none';

interface Addressed {
  readonly id: string;
  readonly routing?: string;
}

/** Only where nobody has changed the document since it was read with these. */
interface Guarded {
  readonly ifSeqNo?: number;
  readonly ifPrimaryTerm?: number;
}

/** The fate of one write. */
export type Outcome =
  | { readonly ok: true; readonly id: string; readonly result: string }
  | {
      readonly ok: false;
      readonly id: string;
      readonly status: number;
      readonly type: string;
      /** The whole chain of causes: engines say only `failed to parse` at the top. */
      readonly reason: string;
    };

/** One document of an answer. */
export interface Hit {
  readonly id: string;
  /** The concrete index that it is in, also where an alias was asked. */
  readonly index: string;
  /** The engine's `_score`, a float32; `null` where the search was sorted otherwise. */
  readonly score: number | null;
  readonly routing?: string;
  readonly seqNo?: number;
  readonly primaryTerm?: number;
  readonly source?: JsonObject;
  readonly sort?: readonly unknown[];
  /** Whatever else the engine said of the hit: highlight, inner_hits, fields. */
  readonly raw: JsonObject;
}

/** The answer to a search. It is whole: a search that lost a shard or ran out of time throws instead. */
export interface SearchAnswer {
  readonly hits: readonly Hit[];
  /** How many documents match, where the engine counted them. */
  readonly total?: number;
  readonly tookMs: number;
  readonly raw: JsonObject;
}

/** What `Snapshot.pages` reads. */
export interface PageOptions extends RequestOptions {
  /** Documents a page; as a function, asked for before each page (of a scroll, before the first). */
  readonly size?: number | (() => number);
  readonly query?: JsonObject;
  /** The body's `_source`: `true`, `false`, a list, or an object. */
  readonly source?: unknown;
  /** One of `of` disjoint parts that together are the whole, the same ones in every process: `part` from 0 to `of - 1`. */
  readonly slice?: { readonly part: number; readonly of: number };
  /**
   * As `slice`, of this very snapshot: another snapshot may give other parts. `of` is at most 1024; where it is no less than the shards are, engines
   * take a part from one shard, that whose number is the part's, modulo the shards.
   */
  readonly share?: { readonly part: number; readonly of: number };
  /**
   * `written`: by sequence number, the same in every snapshot as long as nothing is written, whatever segments are merged and whichever
   * copy of a shard answers. Default: index order, which is faster.
   */
  readonly order?: 'written';
  /** Asks for `_seq_no` and `_primary_term`. */
  readonly versions?: boolean;
  /**
   * How a page is asked for: may ask more than once, for a point in time gives the same page each time. Default: once. A scroll, which may have moved on with
   * an answer that failed, is asked once whatever this says.
   */
  readonly patiently?: <T>(ask: () => Promise<T>) => Promise<T>;
}

/** A consistent view of an index: what is written after it was taken is not in it. */
export interface Snapshot extends AsyncDisposable {
  search(body: JsonObject, options?: RequestOptions): Promise<SearchAnswer>;
  /** Every document once, in index order, page by page. */
  pages(options?: PageOptions): AsyncIterable<readonly Hit[]>;
}

/** A request in the engine's own wire protocol. */
export interface WireRequest extends RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** NDJSON lines, for `_bulk` and `_msearch`: already serialised, with a newline after each. */
  readonly lines?: string;
  readonly timeoutMs?: number;
  /** Whether a request that found no answer may be sent again; default for reads. */
  readonly repeatable?: boolean;
}

/** An answer of the engine, of whatever status. */
export interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A running engine, reduced to what termweave needs of it. A request's failure throws (see `engine-faults.ts`); an item's fate
 * is a value.
 */
export interface Engine extends AsyncDisposable {
  readonly version: EngineVersion;
  /** Where it is, without credentials. */
  readonly url: string;
  createIndex(name: string, body: JsonObject, options?: RequestOptions): Promise<void>;
  deleteIndex(name: string, options?: RequestOptions): Promise<void>;
  /** @throws {IndexNotFound} */
  describeIndex(name: string, options?: RequestOptions): Promise<IndexDescription>;
  /** Sends the writes as one bulk request; outcomes come in the order of the writes. */
  bulk(index: string, writes: readonly Write[], options?: RequestOptions): Promise<Outcome[]>;
  /** Makes all writes so far visible to searches; where copies lag (`hasLaggingCopies`), to those of the primary shards. */
  refresh(index: string, options?: RequestOptions): Promise<void>;
  count(index: string, query?: JsonObject, options?: ReadOptions): Promise<number>;
  search(index: string, body: JsonObject, options?: ReadOptions): Promise<SearchAnswer>;
  /** Several searches of one index in one request; the answers come in the order of the bodies. */
  multiSearch(index: string, bodies: readonly JsonObject[], options?: ReadOptions): Promise<SearchAnswer[]>;
  /** A text that changes with every write to the index: while it stays the same, nothing has been written, replaced or deleted. */
  writeMark(index: string, options?: RequestOptions): Promise<string>;
  snapshot(index: string, options?: ReadOptions): Promise<Snapshot>;
  /** Any other request, for what only one flavour has. @throws {EngineRefused} for a status of 400 or more. */
  request(request: WireRequest): Promise<unknown>;
}
