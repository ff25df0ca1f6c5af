import { unitsApart } from '../sparse/precision.js';
import { accepts, type ExpectedScore } from './expected-score.js';
import type { ReferenceRanking } from './reference-scorer.js';

/** One way in which an engine's answer is not what it must be. */
export interface Disagreement {
  readonly kind: 'score' | 'missing' | 'unexpected' | 'repeated' | 'order';
  readonly id: string;
  /** The engine's score; `null` for a document that it did not return. */
  readonly actual: number | null;
  /** The score that it must have; `null` for a document that shares no feature with the query. */
  readonly expected: number | null;
}

/** How one answer compares with the reference. */
export interface RankingComparison {
  /** Scores compared: the documents returned. */
  readonly scores: number;
  readonly disagreements: readonly Disagreement[];
  /** The largest distance of a score from the reference sum, in float32 units of the last place. */
  readonly maxUlp: number;
  /** Scores for which two neighbouring float32 are right, since the order of additions decides: see {@link ExpectedScore}. */
  readonly orderDependent: number;
}

/** A document as the engine returned it. */
export interface ReturnedDocument {
  readonly id: string;
  readonly score: number;
}

/**
 * Compares an engine's top `top` with the reference: every score, the order, and the set. Documents of equal score may stand in any order, and
 * at the cut any of them may be the one that made it: engines break ties by their internal numbers.
 */
export function compareRanking(
  returned: readonly ReturnedDocument[],
  reference: ReferenceRanking,
  top: number,
): RankingComparison {
  const disagreements: Disagreement[] = [];
  let maxUlp = 0;
  let orderDependent = 0;
  const seen = new Set<string>();
  for (const [rank, { id, score }] of returned.entries()) {
    const expected = reference.watched.get(id);
    if (seen.has(id)) {
      disagreements.push({ kind: 'repeated', id, actual: score, expected: expected?.score ?? null });
      continue;
    }
    seen.add(id);
    if (!expected) {
      disagreements.push({ kind: 'unexpected', id, actual: score, expected: null });
      continue;
    }
    maxUlp = Math.max(maxUlp, unitsApart(score, expected.score));
    if (expected.lowest !== expected.highest) orderDependent++;
    const kind = accepts(expected, score) ? 'order' : 'score';
    const inOrder = rank === 0 || score <= returned[rank - 1]!.score;
    if (kind === 'score' || !inOrder) disagreements.push({ kind, id, actual: score, expected: expected.score });
  }
  disagreements.push(...missing(returned, reference, top));
  return { scores: returned.length, disagreements, maxUlp, orderDependent };
}

/** Documents that belong into the top and were not returned: better than the last one returned, or left out though there was room. */
function missing(returned: readonly ReturnedDocument[], reference: ReferenceRanking, top: number): Disagreement[] {
  const ids = new Set(returned.map(({ id }) => id));
  const isFull = ids.size >= Math.min(top, reference.matching);
  const lastScore = returned.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
  const belongs = (expected: ExpectedScore) => !isFull || expected.lowest > lastScore;
  return reference.best
    .filter(({ id, expected }) => !ids.has(id) && belongs(expected))
    .map(({ id, expected }) => ({ kind: 'missing', id, actual: null, expected: expected.score }));
}
