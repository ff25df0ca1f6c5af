import type { Engine, RequestOptions } from './engine.js';
import { IndexUnavailable } from './engine-faults.js';

interface ShardStats {
  readonly routing: { readonly primary: boolean };
  readonly seq_no?: { readonly max_seq_no: number; readonly global_checkpoint: number };
}

interface StatsAnswer {
  readonly indices?: Readonly<
    Record<string, { readonly uuid: string; readonly shards: Readonly<Record<string, readonly ShardStats[]>> }>
  >;
}

/**
 * The mark of an index's writes on a cluster: its UUID and the largest sequence number of each primary shard. Every operation on a document, a deletion
 * included, takes the next number of its shard. Equal marks mean that nothing was written between them, and that a refresh shows all
 * that was, unless copies lag (see `hasLaggingCopies`).
 * @throws {IndexUnavailable} where a primary shard did not answer.
 */
export async function clusterWriteMark(engine: Engine, index: string, { signal }: RequestOptions): Promise<string> {
  const path = `/${encodeURIComponent(index)}/_stats/docs`;
  const query = {
    level: 'shards',
    filter_path: 'indices.*.uuid,indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no',
  };
  const { indices = {} } = (await engine.request({ method: 'GET', path, query, signal })) as StatsAnswer;
  const marks = Object.values(indices).map(({ uuid, shards }) => {
    const numbers = Object.entries(shards).map(([shard, copies]) => {
      const primary = copies.find(({ routing }) => routing.primary);
      if (!primary?.seq_no) throw new IndexUnavailable(index, `primary shard ${shard} gave no sequence number`);
      const { max_seq_no: last, global_checkpoint: settled } = primary.seq_no;
      // A number is given out before its operation can be searched: until all are settled the mark is one that never comes again.
      return last === settled ? `${shard}:${last}` : `${shard}:${settled}<${last}`;
    });
    return `${uuid} ${numbers.sort().join(' ')}`;
  });
  if (marks.length === 0) throw new IndexUnavailable(index, 'no shard gave its sequence numbers');
  return marks.sort().join(', ');
}
