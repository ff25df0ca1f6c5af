import type { JsonObject } from '../../dialect/dialect.js';
import { DelegatingEngine } from '../../engine/delegating-engine.js';
import type {
  Engine,
  IndexDescription,
  ReadOptions,
  RequestOptions,
  SearchAnswer,
  WireRequest,
} from '../../engine/engine.js';
import { isRepeatable } from '../../engine/transport.js';
import { DEFAULT_RETRY, type RetryPolicy } from './backoff.js';
import { untilAnswered } from './until-answered.js';

/**
 * An engine that is asked again, with growing waits, where it cannot answer at the moment: work of hours must not end for one request that came at
 * the wrong time. That goes for requests that may be made twice. Bulk requests, whose items have each its own fate, are left to `writeForGood`,
 * snapshots, which go away with the engine, to `readToTheEnd` and {@link patiently}, other requests to whoever makes them.
 */
export class PatientEngine extends DelegatingEngine {
  constructor(
    engine: Engine,
    readonly retry: RetryPolicy = DEFAULT_RETRY,
  ) {
    super(engine);
  }

  /** @throws {IndexExists} also where the index is our own, and the answer was lost: whoever makes one looks at the one that is there. */
  override createIndex(name: string, body: JsonObject, options?: RequestOptions): Promise<void> {
    return this.#ask(() => super.createIndex(name, body, options), options);
  }

  override describeIndex(name: string, options?: RequestOptions): Promise<IndexDescription> {
    return this.#ask(() => super.describeIndex(name, options), options);
  }

  override refresh(index: string, options?: RequestOptions): Promise<void> {
    return this.#ask(() => super.refresh(index, options), options);
  }

  override count(index: string, query?: JsonObject, options?: ReadOptions): Promise<number> {
    return this.#ask(() => super.count(index, query, options), options);
  }

  override search(index: string, body: JsonObject, options?: ReadOptions): Promise<SearchAnswer> {
    return this.#ask(() => super.search(index, body, options), options);
  }

  override multiSearch(index: string, bodies: readonly JsonObject[], options?: ReadOptions): Promise<SearchAnswer[]> {
    return this.#ask(() => super.multiSearch(index, bodies, options), options);
  }

  override writeMark(index: string, options?: RequestOptions): Promise<string> {
    return this.#ask(() => super.writeMark(index, options), options);
  }

  override request(request: WireRequest): Promise<unknown> {
    const send = () => super.request(request);
    return isRepeatable(request) ? this.#ask(send, request) : send();
  }

  #ask<T>(ask: () => Promise<T>, options: RequestOptions = {}): Promise<T> {
    return untilAnswered(ask, { signal: options.signal, retry: this.retry });
  }
}

/** The engine, waited for where it cannot answer at the moment. */
export function patient(engine: Engine, retry?: RetryPolicy): PatientEngine {
  return engine instanceof PatientEngine ? engine : new PatientEngine(engine, retry);
}

/**
 * Does what takes more than one request, or finds the engine unable only when it reads the answer: begun anew, with growing waits, where the
 * engine is a {@link PatientEngine}; otherwise done once.
 * @param work what may be done twice.
 * @param passes which failures are waited for; those of `untilAnswered` unless given.
 */
export function patiently<T>(
  engine: Engine,
  work: () => Promise<T>,
  { signal }: RequestOptions,
  passes?: (thrown: unknown) => boolean,
): Promise<T> {
  return engine instanceof PatientEngine ? untilAnswered(work, { signal, retry: engine.retry }, passes) : work();
}

/** How long an engine is waited for. */
export function retryOf(engine: Engine): RetryPolicy {
  return engine instanceof PatientEngine ? engine.retry : DEFAULT_RETRY;
}

/** The engine as it is, for what waits for it in a better way than by asking for the same once more. */
export function impatient(engine: Engine): Engine {
  return engine instanceof PatientEngine ? engine.engine : engine;
}
