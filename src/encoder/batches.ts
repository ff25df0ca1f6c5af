/** A batch to run at once: the positions of its texts. */
export type Batch = readonly number[];

/**
 * Cuts texts into batches of like length: `lengths[i]` tokens for text `i`; a batch, padded to its longest text, holds at most
 * `budget` tokens, or a single text. Longest first, so that the largest buffers are made once.
 */
export function batchesByLength(lengths: readonly number[], budget: number): Batch[] {
  const longestFirst = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]!);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const text of longestFirst) {
    if (batch.length > 0 && (batch.length + 1) * lengths[batch[0]!]! > budget) {
      batches.push(batch);
      batch = [];
    }
    batch.push(text);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
