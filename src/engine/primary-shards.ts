import type { Engine, RequestOptions } from './engine.js';
import { IndexUnavailable } from './engine-faults.js';

/** How far the sequence numbers of a shard have come: each operation on a document, a deletion included, takes the next one. */
export interface PrimaryShard {
  readonly shard: string;
  /** The last number given out. Its operation may be under way yet. */
  readonly last: number;
  /** The number up to which every copy of the shard has all operations. */
  readonly settled: number;
}

interface ShardCopy {
  readonly routing: { readonly primary: boolean };
  readonly seq_no?: { readonly max_seq_no: number; readonly global_checkpoint: number };
}

interface StatsAnswer {
  readonly indices?: Readonly<
    Record<string, { readonly uuid: string; readonly shards: Readonly<Record<string, readonly ShardCopy[]>> }>
  >;
}

/**
 * The primary shards of an index, or of all that a name stands for.
 * @returns those of each index, by its UUID; at least one.
 * @throws {IndexUnavailable} where one did not answer.
 */
export async function primaryShards(
  engine: Engine,
  index: string,
  { signal }: RequestOptions,
): Promise<ReadonlyMap<string, readonly PrimaryShard[]>> {
  const path = `/${encodeURIComponent(index)}/_stats/docs`;
  const query = {
    level: 'shards',
    filter_path: 'indices.*.uuid,indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no',
  };
  const { indices = {} } = (await engine.request({ method: 'GET', path, query, signal })) as StatsAnswer;
  const primaries = Object.values(indices).map(({ uuid, shards }) => {
    const ofIndex = Object.entries(shards).map(([shard, copies]): PrimaryShard => {
      const numbers = copies.find(({ routing }) => routing.primary)?.seq_no;
      if (!numbers) throw new IndexUnavailable(index, `primary shard ${shard} gave no sequence number`);
      return { shard, last: numbers.max_seq_no, settled: numbers.global_checkpoint };
    });
    return [uuid, ofIndex] as const;
  });
  if (primaries.length === 0) throw new IndexUnavailable(index, 'no shard gave its sequence numbers');
  return new Map(primaries);
}
