import { compareUtf8 } from '../../sparse/compare-utf8.js';

/** How two ranked lists become one, as a value: reciprocal ranks, or scores brought to one scale. */
export type Fusion =
  | { readonly kind: 'rrf'; readonly spec: string; readonly rankConstant: number }
  | { readonly kind: 'normalised-sum'; readonly spec: string; readonly lexical: number; readonly sparse: number };

/** Reciprocal rank fusion: each list gives `1 / (rankConstant + rank)`, ranks from 1 (Cormack, Clarke, Buettcher, SIGIR 2009). */
export function rrf(rankConstant = 60): Fusion {
  return { kind: 'rrf', spec: rankConstant === 60 ? 'rrf' : `rrf ${rankConstant}`, rankConstant };
}

/**
 * Scores of each list brought to 0..1 by its own smallest and largest, then added with the weights `1 - sparse` and `sparse`; a document
 * that is missing from a list has 0 there.
 * @param sparse from 0 to 1.
 */
export function normalisedSum(sparse = 0.5): Fusion {
  return { kind: 'normalised-sum', spec: `sum ${sparse}`, lexical: 1 - sparse, sparse };
}

/** A document of a ranked list. */
export interface RankedDocument {
  readonly id: string;
  readonly score: number;
}

/** Joins two lists, each by falling score. The result is by falling score, ties by id descending as in trec_eval. */
export function fuse(
  fusion: Fusion,
  lexical: readonly RankedDocument[],
  sparse: readonly RankedDocument[],
): RankedDocument[] {
  const lists =
    fusion.kind === 'rrf'
      ? [lexical, sparse].map((list) => reciprocalRanks(list, fusion.rankConstant))
      : [scaled(lexical, fusion.lexical), scaled(sparse, fusion.sparse)];
  const sums = new Map<string, number>();
  for (const { id, score } of lists.flat()) sums.set(id, (sums.get(id) ?? 0) + score);
  const fused = [...sums].map(([id, score]) => ({ id, score }));
  return fused.sort((a, b) => b.score - a.score || compareUtf8(b.id, a.id));
}

function reciprocalRanks(list: readonly RankedDocument[], constant: number): RankedDocument[] {
  return list.map(({ id }, rank) => ({ id, score: 1 / (constant + rank + 1) }));
}

/** A list of equal scores becomes all `factor`. */
function scaled(list: readonly RankedDocument[], factor: number): RankedDocument[] {
  const scores = list.map(({ score }) => score);
  const lowest = Math.min(...scores);
  const range = Math.max(...scores) - lowest;
  return list.map(({ id, score }) => ({ id, score: factor * (range === 0 ? 1 : (score - lowest) / range) }));
}
