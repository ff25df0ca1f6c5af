/** A batch is handed over when an item comes that long after its first: what is not yet written is lost work when the process is killed. */
const MOST_MS = 5000;

/**
 * The items in order, in batches of at most `most` items that sum up to at most `bytes`, asked for before each item; an item larger than that is
 * a batch of its own.
 */
export async function* batchesOf<T>(
  items: AsyncIterable<T>,
  bytes: () => number,
  bytesOf: (item: T) => number,
  most: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let sum = 0;
  let began = 0;
  for await (const item of items) {
    const size = bytesOf(item);
    const isFull = batch.length === most || sum + size > bytes() || performance.now() - began > MOST_MS;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      sum = 0;
    }
    if (batch.length === 0) began = performance.now();
    batch.push(item);
    sum += size;
  }
  if (batch.length > 0) yield batch;
}
