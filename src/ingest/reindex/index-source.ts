import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, Hit, PageOptions, RequestOptions } from '../../engine/engine.js';
import { EngineRefused, EngineUnreachable, IndexUnavailable } from '../../engine/engine-faults.js';
import { Backoff, DEFAULT_RETRY, type RetryPolicy } from '../bulk/backoff.js';
import { refusalOf, type Source, type SourceItem } from '../source.js';
import { SeenIds } from '../sources/seen-ids.js';
import { contentHash, HASH_FIELD } from './content-hash.js';
import { foreignAmong, keyOf } from './foreign-documents.js';

export interface IndexSourceOptions {
  /** The copy: documents that stand there unchanged are left out. */
  readonly copy: string;
  /** The copy's vector fields. */
  readonly vectorFields: readonly string[];
  readonly query?: JsonObject;
  readonly slice?: PageOptions['slice'];
  /** The body's `_source`, so that vectors come along where the engine leaves them out. */
  readonly source?: unknown;
  readonly retry?: RetryPolicy;
}

/** Small enough that a page is encoded well within the life of a point in time. */
const PAGE = 250;

/**
 * The documents of an index that its copy does not have as they are, each with the hash of its content: {@link HASH_FIELD}.
 * The copy itself is the checkpoint: what was written before an interruption is found there, vector and hash in one document,
 * so that no record of progress can be ahead of it or behind. When the engine goes away, or its point in time with it, the
 * source waits, takes another one and passes over what it has given already. What an application has written into the copy is refused, not
 * written over.
 */
export class IndexSource implements Source {
  /** Documents that the copy had already. */
  unchanged = 0;
  #read = 0;
  #total = 0;
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
    const backoff = new Backoff(this.options.retry ?? DEFAULT_RETRY);
    while (true) {
      try {
        for await (const page of this.#pages(signal)) {
          backoff.reset();
          yield* await this.#changed(page, signal);
        }
        return;
      } catch (thrown) {
        if (!passes(thrown) || backoff.exhausted) throw thrown;
        await backoff.wait(signal);
      }
    }
  }

  async *#pages(signal: AbortSignal | undefined): AsyncGenerator<readonly Hit[]> {
    const { query, slice, source = true, copy } = this.options;
    await this.engine.refresh(copy, { signal });
    await using snapshot = await this.engine.snapshot(this.index, { signal });
    const { total = 0 } = await snapshot.search(
      { size: 0, track_total_hits: true, ...(query && { query }) },
      { signal },
    );
    this.#total = Math.ceil(total / (slice?.of ?? 1));
    yield* snapshot.pages({ size: PAGE, query, slice, source, signal });
  }

  async #changed(page: readonly Hit[], signal: AbortSignal | undefined): Promise<SourceItem[]> {
    const fresh = page.filter((hit) => this.#given.firstLineOf(keyOf(hit), 1) === undefined);
    this.#read += fresh.length;
    const { copy, vectorFields } = this.options;
    const hashes = await hashesOf(this.engine, copy, fresh, signal);
    const hashed = fresh.map((hit) => ({ hit, hash: contentHash(hit.source ?? {}, hit.routing, vectorFields) }));
    const changed = hashed.filter(({ hit, hash }) => hashes.get(keyOf(hit)) !== hash);
    this.unchanged += fresh.length - changed.length;
    const there = changed.map(({ hit }) => hit).filter((hit) => hashes.has(keyOf(hit)));
    const foreign = await foreignAmong(this.engine, copy, there, vectorFields, signal);
    return changed.map(({ hit, hash }) => itemOf(hit, hash, foreign.has(keyOf(hit))));
  }
}

function itemOf({ id, routing, source = {} }: Hit, hash: string, isForeign: boolean): SourceItem {
  if (!isForeign) return { ok: true, document: { id, routing, source: { ...source, [HASH_FIELD]: hash } } };
  const reason = 'the copy holds a document of this id that was not written by termweave; delete it there, or keep it';
  return { ok: false, refusal: refusalOf({ id, routing, source }, 409, 'written_by_others', reason) };
}

/** The hashes of the copies of documents, by {@link keyOf}. */
async function hashesOf(engine: Engine, copy: string, hits: readonly Hit[], signal: AbortSignal | undefined) {
  if (hits.length === 0) return new Map<string, unknown>();
  const query = { ids: { values: hits.map(({ id }) => id) } };
  // Twice the size: one id may stand under several routings.
  const found = await engine.search(copy, { query, size: 2 * hits.length, _source: [HASH_FIELD] }, { signal });
  return new Map(found.hits.map((hit) => [keyOf(hit), hit.source?.[HASH_FIELD]]));
}

/** Whether it is worth waiting: nobody answers, shards are on their way, or the point in time is gone. */
function passes(thrown: unknown): boolean {
  if (thrown instanceof EngineUnreachable || thrown instanceof IndexUnavailable) return true;
  return thrown instanceof EngineRefused && (thrown.status === 404 || thrown.status === 429 || thrown.status >= 500);
}
