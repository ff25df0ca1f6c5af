import type { JsonObject } from '../../dialect/dialect.js';
import { EngineRefused } from '../engine-faults.js';
import { Matches } from './matches.js';
import type { MemoryIndex } from './memory-index.js';

/** A query's body, after its name. */
type Clause = JsonObject;
type Evaluate = (index: MemoryIndex, clause: Clause, into: Matches) => void;

/**
 * The part of the query language that the memory engine speaks: what termweave itself sends, and the lexical queries to compare
 * with. Anything else is refused by name, as an engine does.
 * @returns the matches, scores rounded to float32; dead documents are still among them.
 */
export function evaluateQuery(index: MemoryIndex, query: JsonObject): Matches {
  const [[name, clause] = ['', {}], ...others] = Object.entries(query);
  const evaluate = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined;
  if (others.length > 0 || !evaluate) refuse(`unknown query [${Object.keys(query).join(', ')}]`);
  const into = new Matches(index.documents.length);
  evaluate!(index, clause as Clause, into);
  return into.finish(Number((clause as Clause).boost ?? 1));
}

const QUERIES: Readonly<Record<string, Evaluate>> = {
  match_none: () => {},
  match_all: (_index, _clause, into) => {
    into.matched.fill(1);
    into.scores.fill(1);
  },
  ids: (index, { values }, into) => {
    for (const id of list(values)) {
      const doc = index.numberOf(String(id));
      if (doc !== undefined) into.add(doc, 1);
    }
  },
  constant_score: (index, { filter }, into) => {
    const matches = evaluateQuery(index, filter as JsonObject);
    matches.scores.fill(1);
    into.addAll(matches);
  },
  dis_max: (index, { queries }, into) =>
    best(
      list(queries).map((query) => evaluateQuery(index, query as JsonObject)),
      into,
    ),
  bool: evaluateBool,
  rank_feature: (index, clause, into) => scoreFeature(index, { ...clause, boost: 1 }, into),
  match: (index, clause, into) => {
    const [[field, given] = ['', '']] = Object.entries(clause);
    const { query, operator } = typeof given === 'object' ? (given as JsonObject) : { query: given, operator: 'or' };
    scoreText(index, field, query, operator, into);
  },
  multi_match: (index, { query, fields, type, operator }, into) => {
    const perField = list(fields).map((field) => {
      const matches = new Matches(index.documents.length);
      scoreText(index, String(field), query, operator, matches);
      return matches.finish(1);
    });
    if (type === 'most_fields') for (const matches of perField) into.addAll(matches);
    else best(perField, into);
  },
};

function evaluateBool(index: MemoryIndex, clause: Clause, into: Matches): void {
  const must = list(clause.must).map((query) => evaluateQuery(index, query as JsonObject));
  const filters = list(clause.filter).map((query) => evaluateQuery(index, query as JsonObject));
  const should = list(clause.should) as JsonObject[];
  const required = [...must, ...filters];
  for (const matches of must) into.addAll(matches);
  for (const query of should) addShould(index, query, into);
  // Beside a required clause, `should` only adds to scores: a document matches without it.
  const shouldIsOptional = should.length === 0 || (required.length > 0 && !clause.minimum_should_match);
  if (shouldIsOptional) into.matched.fill(1);
  for (const matches of required) into.keepOnly(matches);
  for (const query of list(clause.must_not)) into.remove(evaluateQuery(index, query as JsonObject));
}

/** The clauses of a sparse query, straight into the sum: no array of scores for each. */
function addShould(index: MemoryIndex, query: JsonObject, into: Matches): void {
  if (query.rank_feature) scoreFeature(index, query.rank_feature as Clause, into);
  else into.addAll(evaluateQuery(index, query));
}

function scoreFeature(index: MemoryIndex, { field, linear, boost = 1 }: Clause, into: Matches): void {
  if (linear === undefined) refuse('[rank_feature] without [linear] is saturation, which this engine does not have');
  // As RankFeatureQueryBuilder does: the feature's name is what follows the last dot.
  const path = String(field);
  const dot = path.lastIndexOf('.');
  const features = index.features.get(path.slice(0, dot));
  features?.score(path.slice(dot + 1), Number(boost), into);
}

function scoreText(index: MemoryIndex, field: string, query: unknown, operator: unknown, into: Matches): void {
  const [name, boost] = field.split('^');
  const all = String(operator ?? 'or').toLowerCase() === 'and' ? 'and' : 'or';
  index.texts.get(name!)?.score(String(query), all, into);
  if (boost !== undefined) into.finish(Number(boost));
}

function best(clauses: readonly Matches[], into: Matches): void {
  for (const clause of clauses) {
    for (let doc = 0; doc < clause.matched.length; doc++) {
      if (!clause.matched[doc]) continue;
      into.matched[doc] = 1;
      into.scores[doc] = Math.max(into.scores[doc]!, clause.scores[doc]!);
    }
  }
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function refuse(reason: string): never {
  throw new EngineRefused('a search of the memory engine', 400, 'parsing_exception', reason);
}
