import type { Engine, RequestOptions } from './engine.js';
import { type PrimaryShard, primaryShards } from './primary-shards.js';

/**
 * The mark of an index's writes on a cluster: its UUID and the largest sequence number of each primary shard. Equal marks mean that nothing was
 * written between them, and that a refresh shows all that was, unless copies lag (see `hasLaggingCopies`).
 * @throws {IndexUnavailable} where a primary shard did not answer.
 */
export async function clusterWriteMark(engine: Engine, index: string, options: RequestOptions): Promise<string> {
  const indices = await primaryShards(engine, index, options);
  const marks = [...indices].map(([uuid, primaries]) => `${uuid} ${primaries.map(markOf).sort().join(' ')}`);
  return marks.sort().join(', ');
}

/** A number is given out before its operation can be searched: until all are settled the mark is one that never comes again. */
function markOf({ shard, last, settled }: PrimaryShard): string {
  return last === settled ? `${shard}:${last}` : `${shard}:${settled}<${last}`;
}
