import type { Engine, IndexDescription } from '../engine/engine.js';
import { IndexNotFound } from '../engine/engine-faults.js';

/** What an engine says of an index, or of the one behind an alias; `undefined` where there is none. */
export async function describedIndex(
  engine: Engine,
  index: string,
  signal?: AbortSignal,
): Promise<IndexDescription | undefined> {
  try {
    return await engine.describeIndex(index, { signal });
  } catch (thrown) {
    if (thrown instanceof IndexNotFound) return undefined;
    throw thrown;
  }
}
