import type { ScoredDocument } from '../measures/judgements.js';
import { compareUtf8 } from '../measures/trec-order.js';

/** How two rankings become one, as a value. The result is by falling score, ties by document id descending as in trec_eval. */
export interface Fusion {
  readonly spec: string;
  fuse(lexical: readonly ScoredDocument[], sparse: readonly ScoredDocument[]): ScoredDocument[];
}

/** Reciprocal rank fusion: `1 / (constant + rank)` from each list (Cormack, Clarke, Buettcher, SIGIR 2009). */
export function reciprocalRanks(constant = 60): Fusion {
  const shares = (list: readonly ScoredDocument[]) =>
    list.map(({ id }, rank) => ({ id, score: 1 / (constant + rank + 1) }));
  return {
    spec: constant === 60 ? 'rrf' : `rrf ${constant}`,
    fuse: (lexical, sparse) => summed(shares(lexical), shares(sparse)),
  };
}

/**
 * `(1 - weight) x lexical + weight x sparse`, each list's scores brought to 0..1 by its own smallest and largest; a document that
 * is missing from a list has 0 there. `0 <= weight <= 1`.
 */
export function weightedSum(weight: number): Fusion {
  return {
    spec: `sum ${weight}`,
    fuse: (lexical, sparse) => summed(scaled(lexical, 1 - weight), scaled(sparse, weight)),
  };
}

/** A list of equal scores becomes all `factor`. */
function scaled(list: readonly ScoredDocument[], factor: number): ScoredDocument[] {
  const scores = list.map(({ score }) => score);
  const lowest = Math.min(...scores);
  const range = Math.max(...scores) - lowest;
  return list.map(({ id, score }) => ({ id, score: factor * (range === 0 ? 1 : (score - lowest) / range) }));
}

function summed(...lists: readonly (readonly ScoredDocument[])[]): ScoredDocument[] {
  const sums = new Map<string, number>();
  for (const { id, score } of lists.flat()) sums.set(id, (sums.get(id) ?? 0) + score);
  const fused = [...sums].map(([id, score]) => ({ id, score }));
  return fused.sort((a, b) => b.score - a.score || compareUtf8(b.id, a.id));
}
