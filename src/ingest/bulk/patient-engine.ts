import type { JsonObject } from '../../dialect/dialect.js';
import type { EngineVersion } from '../../dialect/engine-version.js';
import type {
  Engine,
  IndexDescription,
  Outcome,
  RequestOptions,
  SearchAnswer,
  Snapshot,
  WireRequest,
  Write,
} from '../../engine/engine.js';
import { isRepeatable } from '../../engine/transport.js';
import type { RetryPolicy } from './backoff.js';
import { untilAnswered } from './until-answered.js';

/**
 * An engine that is asked again, with growing waits, where it cannot answer at the moment: work of hours must not end for one request that came at
 * the wrong time. That goes for requests that may be made twice. Others, and the pages of a snapshot, which goes away with the engine, are
 * left to whoever makes them.
 */
export class PatientEngine implements Engine {
  constructor(
    readonly engine: Engine,
    readonly retry: RetryPolicy | undefined,
  ) {}

  get version(): EngineVersion {
    return this.engine.version;
  }

  get url(): string {
    return this.engine.url;
  }

  createIndex(name: string, body: JsonObject, options?: RequestOptions): Promise<void> {
    return this.engine.createIndex(name, body, options);
  }

  deleteIndex(name: string, options?: RequestOptions): Promise<void> {
    return this.engine.deleteIndex(name, options);
  }

  describeIndex(name: string, options?: RequestOptions): Promise<IndexDescription> {
    return this.#ask(() => this.engine.describeIndex(name, options), options);
  }

  bulk(index: string, writes: readonly Write[], options?: RequestOptions): Promise<Outcome[]> {
    return this.engine.bulk(index, writes, options);
  }

  refresh(index: string, options?: RequestOptions): Promise<void> {
    return this.#ask(() => this.engine.refresh(index, options), options);
  }

  count(index: string, query?: JsonObject, options?: RequestOptions): Promise<number> {
    return this.#ask(() => this.engine.count(index, query, options), options);
  }

  search(index: string, body: JsonObject, options?: RequestOptions): Promise<SearchAnswer> {
    return this.#ask(() => this.engine.search(index, body, options), options);
  }

  multiSearch(index: string, bodies: readonly JsonObject[], options?: RequestOptions): Promise<SearchAnswer[]> {
    return this.#ask(() => this.engine.multiSearch(index, bodies, options), options);
  }

  writeMark(index: string, options?: RequestOptions): Promise<string> {
    return this.#ask(() => this.engine.writeMark(index, options), options);
  }

  snapshot(index: string, options?: RequestOptions): Promise<Snapshot> {
    return this.engine.snapshot(index, options);
  }

  request(request: WireRequest): Promise<unknown> {
    const send = () => this.engine.request(request);
    return isRepeatable(request) ? this.#ask(send, request) : send();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The engine belongs to the caller.
  }

  #ask<T>(ask: () => Promise<T>, options: RequestOptions = {}): Promise<T> {
    return untilAnswered(ask, { signal: options.signal, retry: this.retry });
  }
}

/** The engine as it is, for what waits for it in a better way than by asking for the same once more. */
export function impatient(engine: Engine): Engine {
  return engine instanceof PatientEngine ? engine.engine : engine;
}
