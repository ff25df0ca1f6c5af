import { boosted } from './boosted.js';
import { best } from './compound-queries.js';
import type { Evaluate, Scope } from './evaluation.js';
import { known, listOf, refuse } from './known-keys.js';
import { Matches } from './matches.js';
import { minimumShouldMatch } from './minimum-should-match.js';

export const match: Evaluate = (scope, clause, into, _inner, around) => {
  const [[field, given] = ['', ''], ...others] = Object.entries(clause);
  if (others.length > 0) refuse('[match] of several fields');
  const asked = typeof given === 'object' ? given : { query: given };
  const keys = ['query', 'operator', 'minimum_should_match', 'boost'];
  const { query, operator, minimum_should_match: least, boost = 1 } = known(asked, 'match', keys);
  scoreText(scope, field, { query, operator, least, boost: boosted(around, boost) }, into);
};

export const multiMatch: Evaluate = (scope, clause, into, _inner, around) => {
  const { query, fields, type = 'best_fields', operator, tie_breaker } = clause;
  const usual = Object.hasOwn(TIE_BREAKERS, String(type)) ? TIE_BREAKERS[String(type)] : undefined;
  if (usual === undefined) refuse(`[multi_match] of type [${type}]`);
  const perField = listOf(fields).map((written) => {
    const [field, boost] = String(written).split('^');
    const matches = new Matches(scope.size);
    scoreText(scope, field!, { query, operator, boost: boosted(around, boost) }, matches);
    return matches.finish();
  });
  best(perField, Number(tie_breaker ?? usual), into);
};

/** MultiMatchQueryBuilder.Type */
const TIE_BREAKERS: Readonly<Record<string, number>> = { best_fields: 0, most_fields: 1 };

interface Words {
  readonly query: unknown;
  readonly boost: number;
  readonly operator?: unknown;
  /** A `minimum_should_match`. */
  readonly least?: unknown;
}

function scoreText({ index }: Scope, field: string, { query, boost, operator, least }: Words, into: Matches): void {
  if (field.includes('*')) refuse(`a pattern of fields, [${field}]`);
  const isAnd = String(operator ?? 'or').toLowerCase() === 'and';
  if (isAnd && least !== undefined) refuse('[operator] of [and] beside [minimum_should_match]');
  index.texts.get(field)?.score(String(query), boost, into, (words) => {
    if (isAnd) return words;
    // One word alone is no query of several clauses, and has nothing to count.
    return least === undefined || words === 1 ? 1 : minimumShouldMatch(words, least);
  });
}
