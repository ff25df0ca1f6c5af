import type { JsonObject } from '../../dialect/dialect.js';
import type { EngineTraits } from '../../dialect/engine-traits.js';
import type { Engine, Hit, PageOptions, RequestOptions, SearchAnswer, Snapshot } from '../engine.js';
import type { KeepAlive } from './keep-alive.js';
import type { OpenedPoint } from './opened-point.js';
import { scrollPages } from './scroll-pages.js';

const DEFAULT_PAGE = 500;
/** Unique within a shard; shards have a fixed order among themselves. */
const BY_SEQUENCE_NUMBER = [{ _seq_no: 'asc' }];

/** A snapshot held by a point in time: `search_after` pages through it, and any search can be asked of it. */
export class PointInTimeSnapshot implements Snapshot {
  readonly #engine: Engine;
  readonly #point: OpenedPoint;
  readonly #traits: EngineTraits;
  readonly #keepAlive: KeepAlive;
  readonly #send: (body: JsonObject, options?: RequestOptions) => Promise<SearchAnswer>;
  /** An engine may hand out a new id with any answer; the newest is the one to use, and to close. */
  #id: string;

  constructor(
    engine: Engine,
    point: OpenedPoint,
    traits: EngineTraits,
    keepAlive: KeepAlive,
    send: (body: JsonObject, options?: RequestOptions) => Promise<SearchAnswer>,
  ) {
    this.#engine = engine;
    this.#point = point;
    this.#id = point.id;
    this.#traits = traits;
    this.#keepAlive = keepAlive;
    this.#send = send;
  }

  async search(body: JsonObject, options: RequestOptions = {}): Promise<SearchAnswer> {
    const answer = await this.#keepAlive.ask((time) =>
      this.#send({ ...body, pit: { id: this.#id, keep_alive: time } }, options),
    );
    if (typeof answer.raw.pit_id === 'string') this.#id = answer.raw.pit_id;
    return answer;
  }

  async *pages(options: PageOptions = {}): AsyncIterable<readonly Hit[]> {
    const { pageSort: sort, stableSlices } = this.#traits;
    const isSliced = options.slice !== undefined && options.slice.of > 1;
    const first = options.order === 'written' ? BY_SEQUENCE_NUMBER : [];
    if (!sort || (isSliced && !stableSlices))
      return yield* scrollPages(
        this.#engine,
        this.#point,
        this.#keepAlive,
        { ...bodyOf(options), sort: [...first, '_doc'] },
        options.signal,
      );
    let after: readonly unknown[] | undefined;
    while (true) {
      const body = {
        ...bodyOf(options),
        sort: [...first, ...sort],
        track_total_hits: false,
        ...(after && { search_after: after }),
      };
      const ask = () => this.search(body, options);
      const { hits } = await (options.patiently ? options.patiently(ask) : ask());
      if (hits.length === 0) return;
      yield hits;
      after = hits.at(-1)!.sort;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { path, body } = this.#traits.pointInTime.close(this.#id);
    // It ends by itself in time; a close that fails, on an engine that is gone, must not hide why we came here.
    await this.#engine.request({ method: 'DELETE', path, body }).catch(() => undefined);
  }
}

function bodyOf({ size = DEFAULT_PAGE, query, source, slice, share, versions }: PageOptions): JsonObject {
  const { part, of } = slice ?? share ?? { part: 0, of: 1 };
  return {
    size: typeof size === 'function' ? size() : size,
    ...(query && { query }),
    ...(source !== undefined && { _source: source }),
    ...(of > 1 && { slice: { id: part, max: of } }),
    ...(versions && { seq_no_primary_term: true }),
  };
}
