import type { RequestOptions } from '../../engine/engine.js';
import { AccessDenied, EngineRefused } from '../../engine/engine-faults.js';
import type { SearchedIndex } from '../systems/system.js';

/**
 * Bytes on disk of an index's primary shards, all of it: source, text and vectors, as they are searched now. By segment, for the engines count a
 * shard anew only every ten seconds (`index.store.stats_refresh_interval`), and a copy that was just filled would be too small.
 * `undefined` where the engine keeps no count, or does not tell it.
 */
export async function storeBytes(
  { engine, index }: SearchedIndex,
  { signal }: RequestOptions = {},
): Promise<number | undefined> {
  try {
    const path = `/${encodeURIComponent(index)}/_segments`;
    const { indices = {} } = (await engine.request({ method: 'GET', path, signal })) as Segments;
    const shards = Object.values(indices).flatMap((one) => Object.values(one.shards).flat());
    const segments = shards
      .filter(({ routing }) => routing.primary)
      .flatMap((shard) => Object.values(shard.segments).filter(({ search }) => search));
    return segments.reduce((sum, segment) => sum + segment.size_in_bytes, 0);
  } catch (thrown) {
    if (thrown instanceof EngineRefused || thrown instanceof AccessDenied) return undefined;
    throw thrown;
  }
}

interface Segments {
  readonly indices?: Readonly<Record<string, { readonly shards: Readonly<Record<string, readonly Shard[]>> }>>;
}

interface Shard {
  readonly routing: { readonly primary: boolean };
  readonly segments: Readonly<Record<string, { readonly size_in_bytes: number; readonly search: boolean }>>;
}
