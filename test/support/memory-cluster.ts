import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/dialect/dialect.js';
import type { Hit, IndexDescription, Outcome, SearchAnswer, WireRequest, Write } from '../../src/engine/engine.js';
import { EngineRefused } from '../../src/engine/engine-faults.js';
import { MemoryEngine } from '../../src/engine/memory/memory-engine.js';
import { planVectors } from '../../src/ingest/prepare-index.js';
import { type ReindexResult, reindex } from '../../src/ingest/reindex/reindex.js';
import type { ReindexOptions } from '../../src/ingest/reindex/reindex-options.js';
import { mappingFor } from '../../src/mapping/index-body.js';
import { hashingEncoder } from './hashing-encoder.js';

/**
 * The memory engine with what reindexing asks of a cluster beside it: settings, aliases, `_mget`, notes. It has one shard of each index, no replicas and
 * no delays, so that a test decides what happens between two requests.
 */
export class MemoryCluster extends MemoryEngine {
  /** By index: its settings now. */
  readonly settings = new Map<string, JsonObject>();
  /** By alias: its indices. */
  readonly aliases = new Map<string, Set<string>>();
  readonly requests: WireRequest[] = [];
  /** Called before each raw request is answered: may take its time, or throw. */
  onRequest: (request: WireRequest) => unknown = () => undefined;
  readonly #meta = new Map<string, JsonObject>();

  override async createIndex(name: string, body: JsonObject): Promise<void> {
    await super.createIndex(name, body);
    this.#meta.delete(name);
    const settings = (body.settings as JsonObject | undefined)?.index as JsonObject | undefined;
    this.settings.set(name, { ...settings, uuid: randomUUID() });
  }

  override async describeIndex(name: string): Promise<IndexDescription> {
    const { mappings } = await super.describeIndex(name);
    const aliases = [...this.aliases].filter(([, indices]) => indices.has(name)).map(([alias]) => alias);
    const _meta = { ...(mappings._meta as JsonObject | undefined), ...this.#meta.get(name) };
    return { name, aliases, settings: { index: { ...this.settings.get(name) } }, mappings: { ...mappings, _meta } };
  }

  override bulk(index: string, writes: readonly Write[]): Promise<Outcome[]> {
    // As by wire: what is absent is left out.
    return super.bulk(
      index,
      writes.map((write) => JSON.parse(JSON.stringify(write)) as Write),
    );
  }

  override async search(index: string, body: JsonObject): Promise<SearchAnswer> {
    const query = body.query as JsonObject | undefined;
    const drawn = query?.function_score as
      | { query: { bool?: { should: { exists: { field: string } }[] } }; random_score: { seed: number } }
      | undefined;
    if (!drawn) return super.search(index, body);
    const fields = drawn.query.bool?.should.map(({ exists }) => exists.field);
    const all = await super.search(index, { ...body, query: { match_all: {} }, size: 100_000 });
    const found = fields
      ? all.hits.filter(({ source }) => fields.some((field) => source?.[field] !== undefined))
      : all.hits;
    const place = ({ id }: Hit) => createHash('sha1').update(`${drawn.random_score.seed} ${id}`).digest('hex');
    const hits = [...found].sort((one, other) => (place(one) < place(other) ? -1 : 1)).slice(0, Number(body.size));
    return { ...all, hits };
  }

  override async request(given?: WireRequest): Promise<never> {
    const request = given!;
    this.requests.push(request);
    await this.onRequest(request);
    return (await this.#answer(request)) as never;
  }

  async #answer({ method, path, body }: WireRequest): Promise<unknown> {
    const [, index = '', endpoint = '', id = ''] = path.split('/').map(decodeURIComponent);
    const sent = (body ?? {}) as JsonObject;
    if (index === '_cluster') return { timed_out: false };
    if (index === '_alias') return this.#holders(endpoint);
    if (index === '_aliases') return this.#switch(sent.actions as AliasAction[]);
    if (endpoint === '_doc') return this.#get(index, id, path);
    if (endpoint === '_mget') return { docs: await this.#find(index, sent.docs as Asked[]) };
    if (endpoint === '_settings') return this.#putSettings(index, sent.index as JsonObject);
    if (endpoint === '_mapping')
      return void this.#meta.set(index, { ...this.#meta.get(index), ...(sent._meta as JsonObject) });
    if (endpoint === '_stats') return { _all: { primaries: { docs: { count: 1 }, store: { size_in_bytes: 66_666 } } } };
    throw new EngineRefused(`${method} ${path}`, 400, 'unsupported', 'the memory cluster does not speak it');
  }

  async #find(index: string, docs: readonly Asked[]) {
    const values = docs.map(({ _id }) => _id);
    const { hits } = await super.search(index, { query: { ids: { values } }, size: docs.length });
    const byId = new Map(hits.map((hit) => [hit.id, hit]));
    return docs.map(({ _id, _source = true }) => {
      const { routing, seqNo, primaryTerm, source } = byId.get(_id) ?? {};
      if (seqNo === undefined) return { _id, found: false };
      const versions = { _seq_no: seqNo, _primary_term: primaryTerm };
      return { _id, found: true, _routing: routing, ...versions, _source: _source ? source : undefined };
    });
  }

  async #get(index: string, id: string, path: string) {
    const [document] = await this.#find(index, [{ _id: id }]);
    if (!document!.found) throw new EngineRefused(`GET ${path}`, 404, 'not_found', 'no such document');
    return document;
  }

  #holders(alias: string) {
    const indices = this.aliases.get(alias);
    if (!indices?.size) throw new EngineRefused(`GET /_alias/${alias}`, 404, 'not_found', 'no such alias');
    return Object.fromEntries([...indices].map((index) => [index, { aliases: { [alias]: {} } }]));
  }

  #switch(actions: readonly AliasAction[]): void {
    for (const { add, remove } of actions) {
      if (remove) this.aliases.get(remove.alias)!.delete(remove.index);
      if (add) this.aliases.set(add.alias, (this.aliases.get(add.alias) ?? new Set()).add(add.index));
    }
  }

  #putSettings(index: string, changes: JsonObject): void {
    const settings = Object.entries({ ...this.settings.get(index), ...changes });
    this.settings.set(index, Object.fromEntries(settings.filter(([, value]) => value !== null)));
  }
}

interface Asked {
  readonly _id: string;
  readonly _source?: boolean;
}

interface AliasAction {
  readonly add?: { readonly index: string; readonly alias: string };
  readonly remove?: { readonly index: string; readonly alias: string };
}

/** Texts as the documents of a new index. */
export async function filledWith(
  engine: MemoryCluster,
  index: string,
  texts: Readonly<Record<string, string>>,
  mappings: JsonObject = {},
): Promise<void> {
  const settings = { index: { number_of_replicas: '1', refresh_interval: '5s' } };
  await engine.createIndex(index, { settings, mappings: { properties: { text: { type: 'text' } }, ...mappings } });
  const writes = Object.entries(texts).map(([id, text]) => ({ kind: 'index' as const, id, source: { text } }));
  await engine.bulk(index, writes);
}

/** The mappings of an index whose field `text` has vectors, or is to get them. */
export function plannedMappings(): JsonObject {
  const engine = new MemoryCluster();
  return mappingFor(planVectors(engine, ['text'], { encoder: hashingEncoder() })).mappings;
}

/** The result of a reindex of the field `text`. */
export async function reindexed(
  engine: MemoryCluster,
  source: string,
  options: Partial<ReindexOptions> & { to: string },
) {
  const all = { encoder: hashingEncoder(), textFields: ['text'], ...options };
  for await (const report of reindex(engine, source, all)) if (report.done) return report as ReindexResult;
  throw new Error('it ended without a result');
}

/** The texts of an index, by id. */
export async function textsOf(engine: MemoryCluster, index: string): Promise<Record<string, unknown>> {
  const { hits } = await engine.search(index, { query: { match_all: {} }, size: 100_000, _source: ['text'] });
  return Object.fromEntries(hits.map(({ id, source }) => [id, source?.text]));
}
