import type { JsonObject } from '../../dialect/dialect.js';
import { DelegatingEngine } from '../../engine/delegating-engine.js';
import type { ReadOptions, RequestOptions, SearchAnswer, Snapshot } from '../../engine/engine.js';
import { hasLaggingCopies } from '../../engine/lagging-copies.js';

/**
 * An engine for a run that takes what it does not read for what is not there: of an index whose copies lag ({@link hasLaggingCopies}) it reads the primary
 * shards alone, which have all that was written before a refresh. Other indices are read from any copy. (What is read by id, the engine itself asks
 * the primaries for.)
 */
export class PrimaryReadsEngine extends DelegatingEngine {
  /** By index: where it is to be read. Whether copies lag is fixed for the life of an index. */
  readonly #reads = new Map<string, Promise<Pick<ReadOptions, 'copies'>>>();

  override async count(index: string, query?: JsonObject, options?: ReadOptions): Promise<number> {
    return super.count(index, query, await this.#of(index, options));
  }

  override async search(index: string, body: JsonObject, options?: ReadOptions): Promise<SearchAnswer> {
    return super.search(index, body, await this.#of(index, options));
  }

  override async multiSearch(
    index: string,
    bodies: readonly JsonObject[],
    options?: ReadOptions,
  ): Promise<SearchAnswer[]> {
    return super.multiSearch(index, bodies, await this.#of(index, options));
  }

  override async snapshot(index: string, options?: ReadOptions): Promise<Snapshot> {
    return super.snapshot(index, await this.#of(index, options));
  }

  async #of(index: string, options: ReadOptions = {}): Promise<ReadOptions> {
    return { ...(await this.#readsOf(index, options)), ...options };
  }

  /** Looked up once; what failed is looked up again. */
  #readsOf(index: string, { signal }: RequestOptions): Promise<Pick<ReadOptions, 'copies'>> {
    const known = this.#reads.get(index);
    if (known) return known;
    const found = this.engine.describeIndex(index, { signal }).then(
      (description) => (hasLaggingCopies(description) ? { copies: 'primary' as const } : {}),
      (thrown) => {
        this.#reads.delete(index);
        throw thrown;
      },
    );
    this.#reads.set(index, found);
    return found;
  }
}
