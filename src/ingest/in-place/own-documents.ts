import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { documentKey } from '../../engine/document-key.js';
import type { Engine, Hit, PageOptions, RequestOptions } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { type Portion, readToTheEnd } from '../bulk/read-to-the-end.js';
import { queriesFor, type WhichDocuments } from '../queries-for.js';
import { HASH_FIELD, hashedContent } from '../reindex/content-hash.js';
import { PageSize } from '../reindex/page-size.js';
import type { Source, SourceItem } from '../source.js';
import { SeenIds } from '../sources/seen-ids.js';

export interface OwnDocumentsOptions extends WhichDocuments {
  /** The vector fields and whatever else {@link hashedContent} is to leave out, by their paths. */
  readonly unhashed: readonly string[];
  readonly slice?: PageOptions['slice'];
  readonly retry?: RetryPolicy;
}

/**
 * The documents of an index that have no vectors, or vectors of what they no longer say: each with its version, and with its vectors where it
 * has some. When the engine goes away, it waits, and passes over what it has given already.
 */
export class OwnDocuments implements Source {
  /** Documents whose vectors are right. */
  unchanged = 0;
  #pageSize: PageSize | undefined;
  readonly #given = new SeenIds();

  constructor(
    readonly engine: Engine,
    readonly index: string,
    readonly options: OwnDocumentsOptions,
  ) {}

  async *items({ signal }: RequestOptions): AsyncGenerator<SourceItem> {
    const waiting = { signal, retry: this.options.retry };
    for (const query of queriesFor(this.options)) {
      yield* readToTheEnd(
        () => this.#pages(query, signal),
        waiting,
        () => this.#pageSize?.refused(),
      );
    }
  }

  async *#pages(query: JsonObject | undefined, signal: AbortSignal | undefined): AsyncGenerator<Portion<SourceItem>> {
    const { slice } = this.options;
    const { source } = traitsOf(this.engine.version).wholeDocuments;
    await this.engine.refresh(this.index, { signal });
    await using snapshot = await this.engine.snapshot(this.index, { signal });
    this.#pageSize ??= await PageSize.of(this.engine, this.index, { signal });
    const size = () => this.#pageSize!.documents;
    for await (const page of snapshot.pages({ size, query, slice, source, versions: true, signal })) {
      const fresh = page.filter((hit) => this.#given.firstLineOf(documentKey(hit), 1) === undefined);
      const read = fresh.map((hit) => this.#itemOf(hit));
      this.#pageSize.read(
        fresh.length,
        read.reduce((sum, { length }) => sum + length, 0),
      );
      const items = read.flatMap(({ item }) => item ?? []);
      this.unchanged += fresh.length - items.length;
      yield { items, isNew: fresh.length > 0 };
    }
  }

  /** No item where the vectors are right. The length is that of the content, in characters. */
  #itemOf({ id, routing, source = {}, seqNo, primaryTerm }: Hit): { item?: SourceItem; length: number } {
    const { [HASH_FIELD]: stored, ...fields } = source;
    const { hash, length } = hashedContent(fields, routing, this.options.unhashed);
    if (stored === hash) return { length };
    const version = { seqNo: seqNo!, primaryTerm: primaryTerm! };
    return {
      item: { ok: true, document: { id, routing, source: { ...fields, [HASH_FIELD]: hash }, version } },
      length,
    };
  }
}
