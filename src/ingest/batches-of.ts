/** The most items of a batch, however small they are: what is not yet written is lost work when the process is killed. */
const MOST_ITEMS = 250;

/**
 * The items in order, in batches that sum up to at most `bytes`, asked for before each item; an item larger than that is a batch of its
 * own.
 */
export async function* batchesOf<T>(
  items: AsyncIterable<T>,
  bytes: () => number,
  bytesOf: (item: T) => number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let sum = 0;
  for await (const item of items) {
    const size = bytesOf(item);
    if (batch.length === MOST_ITEMS || (batch.length > 0 && sum + size > bytes())) {
      yield batch;
      batch = [];
      sum = 0;
    }
    batch.push(item);
    sum += size;
  }
  if (batch.length > 0) yield batch;
}
