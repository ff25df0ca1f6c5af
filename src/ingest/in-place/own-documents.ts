import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Hit, PageOptions, RequestOptions } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { type Portion, readToTheEnd } from '../bulk/read-to-the-end.js';
import { contentHash, HASH_FIELD } from '../reindex/content-hash.js';
import type { Source, SourceItem } from '../source.js';
import { SeenIds } from '../sources/seen-ids.js';

export interface OwnDocumentsOptions {
  /** The vector fields and whatever else {@link contentHash} is to leave out, by their paths. */
  readonly unhashed: readonly string[];
  readonly query?: JsonObject;
  readonly slice?: PageOptions['slice'];
  readonly retry?: RetryPolicy;
}

const PAGE = 250;

/**
 * The documents of an index that have no vectors, or vectors of what they no longer say: each with its version, and with its vectors where it
 * has some. When the engine goes away, it waits, and passes over what it has given already.
 */
export class OwnDocuments implements Source {
  /** Documents whose vectors are right. */
  unchanged = 0;
  readonly #given = new SeenIds();

  constructor(
    readonly engine: Engine,
    readonly index: string,
    readonly options: OwnDocumentsOptions,
  ) {}

  items({ signal }: RequestOptions): AsyncGenerator<SourceItem> {
    return readToTheEnd(() => this.#pages(signal), { signal, retry: this.options.retry });
  }

  async *#pages(signal: AbortSignal | undefined): AsyncGenerator<Portion<SourceItem>> {
    const { query, slice } = this.options;
    const { source } = traitsOf(this.engine.version).wholeDocuments;
    await this.engine.refresh(this.index, { signal });
    await using snapshot = await this.engine.snapshot(this.index, { signal });
    for await (const page of snapshot.pages({ size: PAGE, query, slice, source, versions: true, signal })) {
      const fresh = page.filter((hit) => this.#given.firstLineOf(documentKey(hit), 1) === undefined);
      const items = fresh.flatMap((hit) => this.#itemOf(hit) ?? []);
      this.unchanged += fresh.length - items.length;
      yield { items, isNew: fresh.length > 0 };
    }
  }

  #itemOf({ id, routing, source = {}, seqNo, primaryTerm }: Hit): SourceItem | undefined {
    const { [HASH_FIELD]: stored, ...fields } = source;
    const hash = contentHash(fields, routing, this.options.unhashed);
    if (stored === hash) return undefined;
    const version = { seqNo: seqNo!, primaryTerm: primaryTerm! };
    return { ok: true, document: { id, routing, source: { ...fields, [HASH_FIELD]: hash }, version } };
  }
}
