import type { JsonObject } from '../dialect/dialect.js';
import { traitsOf } from '../dialect/engine-traits.js';
import type { EngineVersion } from '../dialect/engine-version.js';
import { exactJson } from '../dialect/exact-number.js';
import { bulkLines, outcomesOf } from './bulk-format.js';
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
import {
  AccessDenied,
  AmbiguousIndex,
  describeError,
  EngineRefused,
  IndexBlocked,
  IndexExists,
  IndexNotFound,
  IndexUnavailable,
} from './engine-faults.js';
import { mustBeNamed } from './index-name.js';
import { mustHaveEveryShard, readSearchAnswer, type SearchBody, type ShardsAnswer } from './search-answer.js';
import { KeepAlive } from './snapshots/keep-alive.js';
import { PointInTimeSnapshot } from './snapshots/point-in-time-snapshot.js';
import type { Transport } from './transport.js';
import { clusterWriteMark } from './write-mark.js';

/** An Elasticsearch or OpenSearch cluster as an {@link Engine}. */
export class ClusterEngine implements Engine {
  readonly #keepAlive = new KeepAlive();

  constructor(
    readonly url: string,
    readonly version: EngineVersion,
    private readonly transport: Transport,
  ) {}

  async createIndex(name: string, body: JsonObject, { signal }: RequestOptions = {}): Promise<void> {
    await this.request({ method: 'PUT', path: pathOf(name), body, signal });
  }

  async deleteIndex(name: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.request({ method: 'DELETE', path: pathOf(name), signal });
  }

  async describeIndex(name: string, { signal }: RequestOptions = {}): Promise<IndexDescription> {
    mustBeNamed('index', name);
    const answer = await this.request({ method: 'GET', path: pathOf(name), signal });
    const indices = Object.entries(answer as Record<string, IndexEntry>);
    if (indices.length === 0) throw new IndexNotFound(name, this.url);
    if (indices.length > 1) {
      throw new AmbiguousIndex(
        name,
        indices.map(([index]) => index),
      );
    }
    const [index, { aliases, settings, mappings }] = indices[0]!;
    const shown = partShown(aliases?.[name]);
    return {
      ...{ name: index, aliases: Object.keys(aliases ?? {}), settings: settings ?? {}, mappings: mappings ?? {} },
      ...(shown && { shown }),
    };
  }

  async bulk(index: string, writes: readonly Write[], { signal }: RequestOptions = {}): Promise<Outcome[]> {
    if (writes.length === 0) return [];
    const lines = bulkLines(writes);
    const answer = await this.request({ method: 'POST', path: `${pathOf(index)}/_bulk`, lines, signal });
    return outcomesOf(answer, writes);
  }

  async refresh(index: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.request({ method: 'POST', path: `${pathOf(index)}/_refresh`, signal, repeatable: true });
  }

  async count(index: string, query?: JsonObject, options: ReadOptions = {}): Promise<number> {
    const answer = await this.request({
      ...{ method: 'POST', path: `${pathOf(index)}/_count`, query: preferenceOf(options), body: query && { query } },
      ...{ signal: options.signal, repeatable: true },
    });
    const { count, _shards } = answer as { count: number; _shards?: ShardsAnswer };
    mustHaveEveryShard(_shards, index);
    return count;
  }

  search(index: string, body: JsonObject, options: ReadOptions = {}): Promise<SearchAnswer> {
    return this.#searchAt(`${pathOf(index)}/_search`, index, body, options);
  }

  async multiSearch(
    index: string,
    bodies: readonly JsonObject[],
    { signal, ...options }: ReadOptions = {},
  ): Promise<SearchAnswer[]> {
    if (bodies.length === 0) return [];
    const path = `${pathOf(index)}/_msearch`;
    const head = JSON.stringify({ allow_partial_search_results: false, ...preferenceOf(options) });
    const lines = bodies.map((body) => `${head}\n${exactJson(body)}\n`).join('');
    const answer = await this.request({ method: 'POST', path, lines, signal, repeatable: true });
    const { responses } = answer as { responses: readonly (SearchBody & { readonly status?: number })[] };
    return responses.map((response) => {
      const { status = 200 } = response;
      if (status >= 400) throw this.#faultOf(index, { method: 'POST', path }, status, response);
      return readSearchAnswer(response, index);
    });
  }

  writeMark(index: string, options: RequestOptions = {}): Promise<string> {
    return clusterWriteMark(this, index, options);
  }

  async snapshot(index: string, { signal, ...options }: ReadOptions = {}): Promise<Snapshot> {
    const traits = traitsOf(this.version);
    const preference = preferenceOf(options);
    const opened = await this.#keepAlive.ask((time) => {
      const { path, query } = traits.pointInTime.open(index, time);
      return this.request({ method: 'POST', path, query: { ...query, ...preference }, signal });
    });
    mustHaveEveryShard((opened as { _shards?: ShardsAnswer })._shards, index);
    const search = (body: JsonObject, options: RequestOptions = {}) => this.#searchAt('/_search', index, body, options);
    const id = traits.pointInTime.idOf(opened as JsonObject);
    return new PointInTimeSnapshot(this, { index, id, preference }, traits, this.#keepAlive, search);
  }

  request(request: WireRequest): Promise<unknown> {
    return this.#requestOn(indexIn(request.path), request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close();
  }

  /** @param index what a fault names: the path of a search by point in time has none. */
  async #requestOn(index: string, request: WireRequest): Promise<unknown> {
    const { status, body } = await this.transport.send(request);
    if (status < 400) return body;
    throw this.#faultOf(index, request, status, body);
  }

  async #searchAt(path: string, index: string, body: JsonObject, options: ReadOptions): Promise<SearchAnswer> {
    const answer = await this.#requestOn(index, {
      method: 'POST',
      path,
      // A point in time brings its own indices and copies, and the engines then refuse these parameters: they stop at a lost shard anyway.
      query: path === '/_search' ? {} : { allow_partial_search_results: 'false', ...preferenceOf(options) },
      body,
      signal: options.signal,
      repeatable: true,
    });
    return readSearchAnswer(answer as SearchBody, index);
  }

  #faultOf(index: string, request: WireRequest, status: number, body: unknown): Error {
    const { type, reason } = describeError(body);
    // 403 or 429 by version; a cluster without a master is 503, and passes.
    if (type === 'cluster_block_exception' && status < 500) return new IndexBlocked(index, reason);
    if (status === 401 || status === 403) return new AccessDenied(this.url, status, reason);
    if (type === 'index_not_found_exception') return new IndexNotFound(indexNotFound(body) ?? index, this.url);
    if (type === 'resource_already_exists_exception') return new IndexExists(index);
    const incomplete = type === 'search_phase_execution_exception' && status >= 500;
    if (status === 503 || incomplete) return new IndexUnavailable(index, `HTTP ${status} ${type}: ${reason}`);
    return new EngineRefused(`${request.method} ${request.path}`, status, type, reason);
  }
}

interface IndexEntry {
  readonly aliases?: Readonly<Record<string, JsonObject>>;
  readonly settings?: JsonObject;
  readonly mappings?: JsonObject;
}

/** What an alias lets searches see of its index; `undefined` where that is all. */
function partShown({ filter, search_routing }: JsonObject = {}): JsonObject | undefined {
  if (filter === undefined && search_routing === undefined) return undefined;
  return { ...(filter !== undefined && { filter }), ...(search_routing !== undefined && { search_routing }) };
}

/** The index that an error is about: a request may name several, and `_aliases` names them in its body. */
function indexNotFound(body: unknown): string | undefined {
  const { index } = (body as { error?: { index?: unknown } }).error ?? {};
  return typeof index === 'string' ? index : undefined;
}

/** The parameter that says which copies of a shard are to answer. */
function preferenceOf({ copies }: ReadOptions): { preference?: string } {
  return copies === 'primary' ? { preference: '_primary' } : {};
}

function indexIn(path: string): string {
  return decodeURIComponent(path.split('/')[1] ?? '');
}

function pathOf(index: string): string {
  return `/${encodeURIComponent(index)}`;
}
