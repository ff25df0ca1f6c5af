import { EngineRefused, IndexNotFound } from '../engine/engine-faults.js';

const NOT_FOUND = 404;

/** Whether an engine says that what a request is about is not there. */
export function isNotThere(thrown: unknown): boolean {
  return thrown instanceof IndexNotFound || (thrown instanceof EngineRefused && thrown.status === NOT_FOUND);
}

/** Waits for a request that takes something away, or nothing where it is not there. @returns whether it was. */
export async function ifThere(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (thrown) {
    if (!isNotThere(thrown)) throw thrown;
    return false;
  }
}
