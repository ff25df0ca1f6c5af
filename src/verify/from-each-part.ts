import type { PageOptions } from '../engine/engine.js';

/** Parts are dealt out to shards one by one: so many shards are looked at. */
export const PARTS = 64;

/**
 * What comes first in each of the first {@link PARTS} parts of a snapshot: from many shards, and from more than one place in each where they are fewer.
 * @param of how many parts there are; those that are not read make it a part of the whole.
 * @param perPart items taken of each, at most.
 */
export async function* fromEachPart<T>(
  pagesOf: (share: NonNullable<PageOptions['share']>) => AsyncIterable<readonly T[]>,
  { of, perPart }: { readonly of: number; readonly perPart: number },
): AsyncGenerator<readonly T[]> {
  for (let part = 0; part < PARTS; part++) {
    let left = perPart;
    for await (const page of pagesOf({ part, of })) {
      yield page.slice(0, left);
      left -= page.length;
      if (left <= 0) break;
    }
  }
}
