import type { JsonObject } from '../dialect/dialect.js';
import type { EngineVersion } from '../dialect/engine-version.js';
import type {
  Engine,
  IndexDescription,
  Outcome,
  ReadOptions,
  RequestOptions,
  SearchAnswer,
  Snapshot,
  WireRequest,
  Write,
} from './engine.js';

/** An engine that hands everything on to another one: whoever extends it says only what is otherwise. Closing it leaves that one open. */
export abstract class DelegatingEngine implements Engine {
  constructor(readonly engine: Engine) {}

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
    return this.engine.describeIndex(name, options);
  }

  bulk(index: string, writes: readonly Write[], options?: RequestOptions): Promise<Outcome[]> {
    return this.engine.bulk(index, writes, options);
  }

  refresh(index: string, options?: RequestOptions): Promise<void> {
    return this.engine.refresh(index, options);
  }

  count(index: string, query?: JsonObject, options?: ReadOptions): Promise<number> {
    return this.engine.count(index, query, options);
  }

  search(index: string, body: JsonObject, options?: ReadOptions): Promise<SearchAnswer> {
    return this.engine.search(index, body, options);
  }

  multiSearch(index: string, bodies: readonly JsonObject[], options?: ReadOptions): Promise<SearchAnswer[]> {
    return this.engine.multiSearch(index, bodies, options);
  }

  writeMark(index: string, options?: RequestOptions): Promise<string> {
    return this.engine.writeMark(index, options);
  }

  snapshot(index: string, options?: ReadOptions): Promise<Snapshot> {
    return this.engine.snapshot(index, options);
  }

  request(request: WireRequest): Promise<unknown> {
    return this.engine.request(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The engine belongs to the caller.
  }
}
