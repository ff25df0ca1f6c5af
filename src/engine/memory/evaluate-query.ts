import type { JsonObject } from '../../dialect/dialect.js';
import { boosted } from './boosted.js';
import { bool, constantScore, disMax } from './compound-queries.js';
import type { Evaluate, Scope } from './evaluation.js';
import { known, listOf, refuse } from './known-keys.js';
import { Matches } from './matches.js';
import { scoreFeature } from './score-feature.js';
import { match, multiMatch } from './text-queries.js';

/**
 * The part of the query language that the memory engine speaks: what termweave itself sends, and the lexical queries to compare
 * with. Anything else, be it a parameter, is refused by name, as an engine does.
 * @returns the matches, scores rounded to float32; dead documents are still among them.
 */
export function evaluateQuery(scope: Scope, query: unknown, around = 1): Matches {
  const [[name, clause] = ['', {}], ...others] = Object.entries(query as JsonObject);
  const spoken = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined;
  if (others.length > 0 || !spoken) refuse(`unknown query [${Object.keys(query as JsonObject).join(', ')}]`);
  const { keys, evaluate } = spoken!;
  const body = keys ? known(clause, name, [...keys, 'boost']) : (clause as JsonObject);
  const into = new Matches(scope.size);
  const boost = boosted(around, keys ? body.boost : undefined);
  evaluate(scope, body, into, (inner, innerBoost = 1) => evaluateQuery(scope, inner, innerBoost), boost);
  return into.finish();
}

/** By name: a query, and its keys beside `boost`. Those without keys have a field for a key, and look after both themselves. */
const QUERIES: Readonly<Record<string, { readonly keys?: readonly string[]; readonly evaluate: Evaluate }>> = {
  match_none: { keys: [], evaluate: () => {} },
  match_all: {
    keys: [],
    evaluate: (_scope, _clause, into, _inner, boost) => {
      into.matched.fill(1);
      into.scores.fill(boost);
    },
  },
  ids: {
    keys: ['values'],
    evaluate: (scope, { values }, into, _inner, boost) => {
      const numbers = new Set(listOf(values).map((id) => scope.numberOf(String(id))));
      for (const number of numbers) if (number !== undefined) into.add(number, boost);
    },
  },
  constant_score: { keys: ['filter'], evaluate: constantScore },
  dis_max: { keys: ['queries', 'tie_breaker'], evaluate: disMax },
  bool: { keys: ['must', 'should', 'filter', 'must_not', 'minimum_should_match'], evaluate: bool },
  rank_feature: {
    keys: ['field', 'linear'],
    evaluate: (scope, clause, into, _inner, boost) => scoreFeature(scope, { ...clause, boost }, 1, into),
  },
  match: { evaluate: match },
  multi_match: { keys: ['query', 'fields', 'type', 'operator', 'tie_breaker'], evaluate: multiMatch },
};
