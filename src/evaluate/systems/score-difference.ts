import type { Run } from '../measures/judgements.js';

/** The largest distance between two runs' scores of the same document for the same query; 0 where they share none. */
export function largestScoreDifference(run: Run, reference: Run): number {
  let largest = 0;
  for (const [query, ranking] of run) {
    const scores = new Map((reference.get(query) ?? []).map(({ id, score }) => [id, score]));
    for (const { id, score } of ranking) {
      largest = Math.max(largest, Math.abs(score - (scores.get(id) ?? score)));
    }
  }
  return largest;
}
