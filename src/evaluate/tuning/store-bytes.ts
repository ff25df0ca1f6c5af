import type { RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import type { SearchedIndex } from '../systems/system.js';

/** Bytes on disk of an index's primary shards, all of it: source, text and vectors. `undefined` where the engine keeps no count. */
export async function storeBytes(
  { engine, index }: SearchedIndex,
  { signal }: RequestOptions = {},
): Promise<number | undefined> {
  try {
    const path = `/${encodeURIComponent(index)}/_stats/store`;
    const answer = (await engine.request({ method: 'GET', path, signal })) as StoreStats;
    return answer._all?.primaries?.store?.size_in_bytes;
  } catch (thrown) {
    if (thrown instanceof EngineRefused) return undefined;
    throw thrown;
  }
}

interface StoreStats {
  readonly _all?: { readonly primaries?: { readonly store?: { readonly size_in_bytes?: number } } };
}
