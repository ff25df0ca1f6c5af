import type { EncodedTask, PassageBounds } from './worker-messages.js';

/** An encoded task cut into those of its callers: the first `counts[0]` texts, the next `counts[1]`, and so on. */
export function splitTask(whole: EncodedTask, counts: readonly number[]): EncodedTask[] {
  let [text, vector, entry, passage] = [0, 0, 0, 0];
  return counts.map((count) => {
    const kept = sumOf(whole.passages?.counts.subarray(text, text + count));
    const sizes = whole.sizes.subarray(vector, vector + count + kept);
    const entries = sumOf(sizes);
    const part = {
      sizes,
      ids: whole.ids.subarray(entry, entry + entries),
      weights: whole.weights.subarray(entry, entry + entries),
      tokens: whole.tokens.subarray(text, text + count),
      truncated: whole.truncated.subarray(text, text + count),
      passages:
        whole.passages &&
        ({
          counts: whole.passages.counts.subarray(text, text + count),
          starts: whole.passages.starts.subarray(passage, passage + kept),
          ends: whole.passages.ends.subarray(passage, passage + kept),
        } satisfies PassageBounds),
    };
    text += count;
    vector += sizes.length;
    entry += entries;
    passage += kept;
    return part;
  });
}

function sumOf(numbers: Uint32Array | undefined): number {
  return numbers?.reduce((sum, one) => sum + one, 0) ?? 0;
}
