import type { JsonObject } from '../../dialect/dialect.js';
import { engineVersion } from '../../dialect/engine-version.js';
import { withTextsRead } from '../../dialect/json-text.js';
import type { Engine, IndexDescription, Outcome, PageOptions, SearchAnswer, Snapshot, Write } from '../engine.js';
import { EngineRefused, IndexExists, IndexNotFound } from '../engine-faults.js';
import { MemoryIndex } from './memory-index.js';
import { MemoryView } from './memory-view.js';

/**
 * The engine inside this process: the same verbs and, to the bit, the same scores as Elasticsearch and OpenSearch for the
 * queries that it speaks. What is written is visible at once. It ends with the process.
 */
export class MemoryEngine implements Engine {
  readonly version = engineVersion('memory', '1.0');
  readonly url = 'memory:';
  readonly #indices = new Map<string, MemoryIndex>();

  async createIndex(name: string, body: JsonObject): Promise<void> {
    if (this.#indices.has(name)) throw new IndexExists(name);
    this.#indices.set(name, new MemoryIndex(name, body));
  }

  async deleteIndex(name: string): Promise<void> {
    this.#index(name);
    this.#indices.delete(name);
  }

  async describeIndex(name: string): Promise<IndexDescription> {
    const { body, uuid } = this.#index(name);
    const { settings = {}, mappings = {} } = body;
    return {
      name,
      aliases: [],
      settings: { ...settings, index: { ...(settings.index as JsonObject), uuid } },
      mappings,
    };
  }

  async bulk(index: string, writes: readonly Write[]): Promise<Outcome[]> {
    const into = this.#index(index);
    return writes.map((write) => into.write(withTextsRead(write)));
  }

  async refresh(index: string): Promise<void> {
    this.#index(index);
  }

  async count(index: string, query?: JsonObject): Promise<number> {
    if (!query) return this.#index(index).size;
    return (await this.search(index, { query, size: 0 })).total!;
  }

  async search(index: string, body: JsonObject): Promise<SearchAnswer> {
    return MemoryView.ofNow(this.#index(index)).search(body);
  }

  async multiSearch(index: string, bodies: readonly JsonObject[]): Promise<SearchAnswer[]> {
    return Promise.all(bodies.map((body) => this.search(index, body)));
  }

  async writeMark(index: string): Promise<string> {
    const { uuid, operations } = this.#index(index);
    return `${uuid} ${operations}`;
  }

  async snapshot(index: string): Promise<Snapshot> {
    const view = MemoryView.snapshot(this.#index(index));
    return {
      search: async (body) => view.search(body),
      pages: (options: PageOptions = {}) => view.pages(options),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async request(): Promise<never> {
    throw new EngineRefused('a raw request', 400, 'unsupported', 'the memory engine has no wire protocol');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#indices.clear();
  }

  #index(name: string): MemoryIndex {
    const index = this.#indices.get(name);
    if (!index) throw new IndexNotFound(name, this.url);
    return index;
  }
}
