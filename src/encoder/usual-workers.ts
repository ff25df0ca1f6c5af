import { availableParallelism } from 'node:os';

const MOST = 4;

/** How many threads encode unless the caller says: one for each core, at most 4. */
export function usualWorkers(): number {
  return Math.min(availableParallelism(), MOST);
}
