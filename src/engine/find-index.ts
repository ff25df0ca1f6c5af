import type { Engine, IndexDescription, RequestOptions } from './engine.js';
import { IndexNotFound } from './engine-faults.js';

/** What an engine says of an index, or of the one behind an alias; `undefined` where there is none. */
export async function findIndex(
  engine: Engine,
  index: string,
  { signal }: RequestOptions,
): Promise<IndexDescription | undefined> {
  try {
    return await engine.describeIndex(index, { signal });
  } catch (thrown) {
    if (thrown instanceof IndexNotFound) return undefined;
    throw thrown;
  }
}
