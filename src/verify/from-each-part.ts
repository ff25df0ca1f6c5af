import { pMapIterable } from 'p-map';
import type { PageOptions } from '../engine/engine.js';

/** Parts are dealt out to shards one by one: so many shards are looked at. */
export const PARTS = 64;
/** Parts that are read at once: each is a search of one shard. */
const AT_ONCE = 4;

/**
 * What comes first in each of the first {@link PARTS} parts of a snapshot: from many shards, and from more than one place in each where they are fewer.
 * @param pagesOf reads a share; nothing is taken of its pages after the first `size` items.
 * @param of how many parts there are; those that are not read make it a part of the whole.
 * @param perPart items taken of each, at most.
 */
export function fromEachPart<T>(
  pagesOf: (part: { readonly share: PageOptions['share']; readonly size: number }) => AsyncIterable<readonly T[]>,
  { of, perPart }: { readonly of: number; readonly perPart: number },
): AsyncIterable<readonly T[]> {
  const firstOf = async (part: number) => {
    const first: T[] = [];
    for await (const page of pagesOf({ share: { part, of }, size: perPart })) {
      first.push(...page.slice(0, perPart - first.length));
      if (first.length === perPart) break;
    }
    return first;
  };
  return pMapIterable(Array(PARTS).keys(), firstOf, { concurrency: AT_ONCE, backpressure: AT_ONCE });
}
