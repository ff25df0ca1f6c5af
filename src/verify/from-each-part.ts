import type { PageOptions } from '../engine/engine.js';

/** Parts are dealt out to shards one by one: so many shards are looked at. */
export const PARTS = 64;

/**
 * What comes first in each of some parts of a snapshot: from many shards, and from more than one place in each where they are fewer than the parts.
 * @param parts how many are read, from the first one.
 * @param of how many there are; those that are not read make it a part of the whole.
 * @param perPart items taken of each, at most.
 */
export async function* fromEachPart<T>(
  pagesOf: (share: NonNullable<PageOptions['share']>) => AsyncIterable<readonly T[]>,
  { parts, of, perPart }: { readonly parts: number; readonly of: number; readonly perPart: number },
): AsyncGenerator<readonly T[]> {
  for (let part = 0; part < parts; part++) {
    let left = perPart;
    for await (const page of pagesOf({ part, of })) {
      yield page.slice(0, left);
      left -= page.length;
      if (left <= 0) break;
    }
  }
}
