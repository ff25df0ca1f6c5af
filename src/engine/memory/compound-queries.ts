import type { JsonObject } from '../../dialect/dialect.js';
import type { Evaluate, Inner, Scope } from './evaluation.js';
import { listOf } from './known-keys.js';
import { Matches } from './matches.js';
import { minimumShouldMatch } from './minimum-should-match.js';
import { scoreFeature } from './score-feature.js';

export const constantScore: Evaluate = (_scope, { filter }, into, inner, boost) => {
  const matches = inner(filter);
  matches.scores.fill(boost);
  into.addAll(matches);
};

export const disMax: Evaluate = (_scope, { queries, tie_breaker }, into, inner, boost) =>
  best(
    listOf(queries).map((query) => inner(query, boost)),
    Number(tie_breaker ?? 0),
    into,
  );

/** The largest score of each document and, times the tie breaker, the others: DisjunctionMaxScorer, in its own precision. */
export function best(clauses: readonly Matches[], tieBreaker: number, into: Matches): void {
  const others = new Float64Array(into.scores.length);
  for (const { matched, scores } of clauses) {
    for (let doc = 0; doc < matched.length; doc++) {
      if (!matched[doc]) continue;
      const [largest, score] = [into.scores[doc]!, scores[doc]!];
      into.matched[doc] = 1;
      into.scores[doc] = Math.max(largest, score);
      others[doc]! += Math.min(largest, score);
    }
  }
  const factor = Math.fround(tieBreaker);
  if (factor !== 0) for (let doc = 0; doc < others.length; doc++) into.scores[doc]! += others[doc]! * factor;
}

export const bool: Evaluate = (scope, clause, into, inner, boost) => {
  const scored: Inner = (query) => inner(query, boost);
  const required = listOf(clause.must).map((query) => scored(query));
  const filters = listOf(clause.filter).map((query) => inner(query));
  const should = listOf(clause.should);
  const isRequired = required.length + filters.length > 0;
  const least = leastOf(clause, should.length, isRequired);
  const optional = new Matches(scope.size);
  const counts = addShould({ scope, should, inner: scored, boost, least }, optional);
  into.matched.fill(1);
  for (const matches of required) into.addAll(matches);
  into.addAll(optional);
  for (const filter of [...required, ...filters]) into.keepOnly(filter);
  if (least === 1) into.keepOnly(optional);
  if (least > 1) into.keepWhere((doc) => counts![doc]! >= least);
  for (const query of listOf(clause.must_not)) into.remove(inner(query));
  // A query of no clauses is `match_all`; one of exclusions alone scores nothing.
  if (!isRequired && should.length === 0 && clause.must_not === undefined) into.scores.fill(boost);
};

/** How many of its optional clauses a document must match: beside required ones none, where nothing else is said. */
function leastOf({ minimum_should_match: written }: JsonObject, clauses: number, isRequired: boolean): number {
  const asked = written === undefined ? 0 : minimumShouldMatch(clauses, written);
  return asked === 0 && clauses > 0 && !isRequired ? 1 : asked;
}

interface Optional {
  readonly scope: Scope;
  readonly should: readonly unknown[];
  readonly inner: Inner;
  readonly boost: number;
  readonly least: number;
}

/** Adds the optional clauses' scores, unrounded; how many of them each document matches, where that decides. */
function addShould({ scope, should, inner, boost, least }: Optional, into: Matches): Uint16Array | undefined {
  const counts = least > 1 ? new Uint16Array(scope.size) : undefined;
  for (const query of should) {
    const feature = (query as JsonObject).rank_feature;
    // The clauses of a sparse query go straight into the sum: no array of scores for each.
    if (!counts && feature !== undefined && Object.keys(query as JsonObject).length === 1) {
      scoreFeature(scope, feature, boost, into);
      continue;
    }
    const matches = inner(query);
    into.addAll(matches);
    if (counts) for (let doc = 0; doc < counts.length; doc++) counts[doc]! += matches.matched[doc]!;
  }
  return counts;
}
