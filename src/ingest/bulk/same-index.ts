import type { JsonObject } from '../../dialect/dialect.js';
import { DelegatingEngine } from '../../engine/delegating-engine.js';
import type { Engine, IndexDescription, Outcome, RequestOptions, WireRequest, Write } from '../../engine/engine.js';
import { AmbiguousIndex, IndexNotFound } from '../../engine/engine-faults.js';
import { RunGone } from '../ingest-faults.js';

/** An index by its name and its UUID, which another one that is made under the name has not. */
export interface IndexIdentity {
  readonly index: string;
  readonly uuid: string;
}

/** For so long an index counts as the one that it was when it was looked at. */
const LOOK_EVERY_MS = 1000;

/**
 * An engine for a run that writes into one index: before a write, a change of settings or of an alias it looks, at most once a second, whether the
 * index is still the one that the run began with. Deleted and made anew by others, or by the engine for the next write, it is not the run's to write into.
 * @throws {@link RunGone}
 */
export class SameIndexEngine extends DelegatingEngine {
  #looked = Number.NEGATIVE_INFINITY;
  #look: Promise<void> = Promise.resolve();

  constructor(
    engine: Engine,
    readonly identity: IndexIdentity,
  ) {
    super(engine);
  }

  override async bulk(index: string, writes: readonly Write[], options: RequestOptions = {}): Promise<Outcome[]> {
    if (index === this.identity.index) await this.#mustStand(options);
    return super.bulk(index, writes, options);
  }

  override async request(request: WireRequest): Promise<unknown> {
    if (request.method !== 'GET' && request.method !== 'HEAD') await this.#mustStand(request);
    return super.request(request);
  }

  /** Whoever comes while it is looked at waits for that look; one that failed is none. */
  #mustStand(options: RequestOptions): Promise<void> {
    const now = performance.now();
    if (now - this.#looked >= LOOK_EVERY_MS) {
      this.#looked = now;
      this.#look = mustStand(this.engine, this.identity, options).catch((thrown) => {
        this.#looked = Number.NEGATIVE_INFINITY;
        throw thrown;
      });
    }
    return this.#look;
  }
}

/** Looks whether an index is still there, and no other one of its name. @throws {@link RunGone} */
export async function mustStand(
  engine: Engine,
  { index, uuid }: IndexIdentity,
  { signal }: RequestOptions,
): Promise<void> {
  const found = await engine.describeIndex(index, { signal }).catch((thrown) => {
    if (thrown instanceof IndexNotFound || thrown instanceof AmbiguousIndex) return undefined;
    throw thrown;
  });
  if (!found || uuidOf(found) !== uuid) throw new RunGone(index, 'it was deleted, or made anew under its name');
}

/** Which index a description is of. */
export function identityOf(description: IndexDescription): IndexIdentity {
  return { index: description.name, uuid: uuidOf(description) };
}

/** The UUID of an index. */
export function uuidOf({ settings }: IndexDescription): string {
  return String((settings.index as JsonObject | undefined)?.uuid);
}
