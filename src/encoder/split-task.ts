import type { EncodedTask } from './worker-messages.js';

/** An encoded task cut into those of its callers: the first `counts[0]` texts, the next `counts[1]`, and so on. */
export function splitTask(whole: EncodedTask, counts: readonly number[]): EncodedTask[] {
  let text = 0;
  let entry = 0;
  return counts.map((count) => {
    const sizes = whole.sizes.subarray(text, text + count);
    const entries = sizes.reduce((sum, size) => sum + size, 0);
    const part = {
      sizes,
      ids: whole.ids.subarray(entry, entry + entries),
      weights: whole.weights.subarray(entry, entry + entries),
      tokens: whole.tokens.subarray(text, text + count),
      truncated: whole.truncated.subarray(text, text + count),
    };
    text += count;
    entry += entries;
    return part;
  });
}
