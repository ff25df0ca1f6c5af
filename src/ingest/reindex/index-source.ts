import { pMapIterable } from 'p-map';
import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Hit, PageOptions, RequestOptions } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { type Portion, readToTheEnd } from '../bulk/read-to-the-end.js';
import { queriesFor, type WhichDocuments } from '../queries-for.js';
import type { Source, SourceItem } from '../source.js';
import { SeenIds } from '../sources/seen-ids.js';
import { contentHash, HASH_FIELD, hashedContent } from './content-hash.js';
import { type CopiedDocument, copiedDocuments, refusalOfForeign } from './copied-documents.js';
import { documentsByKey } from './documents-by-key.js';
import { PageSize } from './page-size.js';

export interface IndexSourceOptions extends WhichDocuments {
  /** The copy: documents that stand there unchanged are left out. */
  readonly copy: string;
  /** The copy's vector fields. */
  readonly vectorFields: readonly string[];
  readonly slice?: PageOptions['slice'];
  readonly retry?: RetryPolicy;
}

/** Pages that are read, and looked up in the copy, while the documents of the one before are taken. */
const PAGES_AHEAD = 2;

/**
 * The documents of an index that its copy does not have as they are, each with the hash of its content: {@link HASH_FIELD}.
 * The copy itself is the checkpoint: what was written before an interruption is found there, vector and hash in one document,
 * so that no record of progress can be ahead of it or behind. When the engine goes away, or its point in time with it, the
 * source waits, takes another one and passes over what it has given already. What an application has written into the copy is refused, not
 * written over; each document comes with the version of the one that it replaces there.
 */
export class IndexSource implements Source {
  /** Documents that the copy had already. */
  unchanged = 0;
  #read = 0;
  #total = 0;
  /** Then there is nothing to look up in it; whoever writes into it meanwhile is noticed when a document is to be created. */
  #copyIsEmpty = false;
  #pageSize: PageSize | undefined;
  readonly #given = new SeenIds();

  constructor(
    readonly engine: Engine,
    readonly index: string,
    readonly options: IndexSourceOptions,
  ) {}

  progress(): number | undefined {
    return this.#total === 0 ? undefined : Math.min(1, this.#read / this.#total);
  }

  async *items({ signal }: RequestOptions): AsyncGenerator<SourceItem> {
    for (const query of queriesFor(this.options)) yield* this.#itemsOf(query, signal);
  }

  #itemsOf(query: JsonObject | undefined, signal: AbortSignal | undefined): AsyncGenerator<SourceItem> {
    const changed = (page: readonly Hit[]) => this.#changed(page, signal);
    const ahead = { concurrency: 1, backpressure: PAGES_AHEAD };
    const read = () => pMapIterable(this.#pages(query, signal), changed, ahead);
    return readToTheEnd(read, { signal, retry: this.options.retry }, () => this.#pageSize?.refused());
  }

  async *#pages(query: JsonObject | undefined, signal: AbortSignal | undefined): AsyncGenerator<readonly Hit[]> {
    const { slice, copy, ids } = this.options;
    await this.engine.refresh(copy, { signal });
    this.#copyIsEmpty = (await this.engine.count(copy, undefined, { signal })) === 0;
    await using snapshot = await this.engine.snapshot(this.index, { signal });
    const { total = 0 } = await snapshot.search(
      { size: 0, track_total_hits: true, ...(query && { query }) },
      { signal },
    );
    this.#total = Math.ceil((ids?.length ?? total) / (slice?.of ?? 1));
    this.#pageSize ??= await PageSize.of(this.engine, this.index, { signal });
    const size = () => this.#pageSize!.documents;
    const { source } = traitsOf(this.engine.version).wholeDocuments;
    yield* snapshot.pages({ size, query, slice, source, signal });
  }

  async #changed(page: readonly Hit[], signal: AbortSignal | undefined): Promise<Portion<SourceItem>> {
    const fresh = page.filter((hit) => !this.#given.has(documentKey(hit)));
    const { copy, vectorFields } = this.options;
    const hashes = this.#copyIsEmpty ? new Map() : await hashesOf(this.engine, copy, fresh, signal);
    const hashed = fresh.map((hit) => ({ hit, ...hashedContent(hit.source ?? {}, hit.routing, vectorFields) }));
    this.#pageSize!.read(fresh.length, sumOf(hashed.map(({ length }) => length)));
    const differing = hashed.filter(({ hit, hash }) => hashes.get(documentKey(hit)) !== hash);
    const there = differing.map(({ hit }) => hit).filter((hit) => hashes.has(documentKey(hit)));
    const copied = await copiedDocuments(this.engine, copy, there, vectorFields, signal);
    const current = await this.#current(differing, copied, signal);
    const changed = current.filter(({ hit, hash }) => copied.get(documentKey(hit))?.hash !== hash);
    // Nothing fails from here on: what is taken for given is.
    for (const hit of fresh) this.#given.firstLineOf(documentKey(hit), 1);
    this.#read += fresh.length;
    // What is gone from the source by now is neither: it goes from the copy, too.
    this.unchanged += fresh.length - differing.length + current.length - changed.length;
    const items = changed.map(({ hit, hash }) => itemOf(hit, hash, copied.get(documentKey(hit))));
    return { items, isNew: fresh.length > 0 };
  }

  /**
   * Documents as they are now, where the copy has others in their place: a process that read the source later may have brought those, and what stands in
   * this snapshot would take them back. Those that are gone are left out.
   */
  async #current(
    read: readonly Read[],
    copied: ReadonlyMap<string, CopiedDocument>,
    signal: AbortSignal | undefined,
  ): Promise<readonly Read[]> {
    const there = read.filter(({ hit }) => copied.has(documentKey(hit)));
    if (there.length === 0) return read;
    const { vectorFields } = this.options;
    const hits = there.map(({ hit }) => hit);
    const now = await documentsByKey(this.engine, this.index, hits, signal);
    const late = there.filter(({ hit, hash }) => {
      const { found, _source = {}, _routing } = now.get(documentKey(hit))!;
      return !found || contentHash(_source, _routing, vectorFields) !== hash;
    });
    if (late.length === 0) return read;
    const again = await this.#readAgain(late, signal);
    return read.flatMap((one) => (late.includes(one) ? (again.get(documentKey(one.hit)) ?? []) : [one]));
  }

  /** By search, whose `_source` has what that of the snapshot's pages has. */
  async #readAgain(late: readonly Read[], signal: AbortSignal | undefined): Promise<Map<string, Read>> {
    const { query, vectorFields } = this.options;
    const { source } = traitsOf(this.engine.version).wholeDocuments;
    const ids = { ids: { values: late.map(({ hit }) => hit.id) } };
    await this.engine.refresh(this.index, { signal });
    // Twice the size: one id may stand under several routings.
    const body = { query: query ? { bool: { filter: [query, ids] } } : ids, size: 2 * late.length, _source: source };
    const { hits } = await this.engine.search(this.index, body, { signal });
    return new Map(
      hits.map((hit) => [documentKey(hit), { hit, ...hashedContent(hit.source ?? {}, hit.routing, vectorFields) }]),
    );
  }
}

/** A document of a page with its content's hash and length. */
interface Read {
  readonly hit: Hit;
  readonly hash: string;
  readonly length: number;
}

function itemOf({ id, routing, source = {} }: Hit, hash: string, copied: CopiedDocument | undefined): SourceItem {
  if (copied?.isForeign) return { ok: false, refusal: refusalOfForeign({ id, routing, source }) };
  return { ok: true, document: { id, routing, source: { ...source, [HASH_FIELD]: hash }, version: copied?.version } };
}

/** The hashes of the copies of documents, by {@link documentKey}. */
async function hashesOf(engine: Engine, copy: string, hits: readonly Hit[], signal: AbortSignal | undefined) {
  if (hits.length === 0) return new Map<string, unknown>();
  const query = { ids: { values: hits.map(({ id }) => id) } };
  // Twice the size: one id may stand under several routings.
  const found = await engine.search(copy, { query, size: 2 * hits.length, _source: [HASH_FIELD] }, { signal });
  return new Map(found.hits.map((hit) => [documentKey(hit), hit.source?.[HASH_FIELD]]));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
