import { askedField } from '../../dialect/asked-field.js';
import type { JsonObject } from '../../dialect/dialect.js';
import { isObject } from '../../dialect/plain-object.js';
import { QueryTextTooLong } from '../language/body-faults.js';
import { type LeftReason, whyScoresDoNotOrder } from '../language/query-language.js';
import { type Position, type VisitLeaf, walkQuery, walkRetriever } from '../language/walk-query.js';
import { askedPage } from '../strategies/asked-page.js';
import { checkBody } from './check-body.js';
import { termsOf } from './clause-budget.js';
import type { Decision } from './decision.js';
import { readTextClause, type TextClause } from './text-clause.js';
import type { Coverage, VectorFields } from './vector-fields.js';

/** What a body asks, leaf by leaf in the order of the walk. */
export interface Survey {
  readonly decisions: readonly Decision[];
  /** The path of a query that asks one of the vector fields already. */
  readonly vectorAt?: string;
}

/**
 * Reads a body and decides for every leaf whether it will be translated.
 * @throws {InvalidBody} | {BodyTooLarge} | {QueryTextTooLong}
 */
export function surveyBody(body: unknown, fields: VectorFields): Survey {
  checkBody(body);
  const decisions: Decision[] = [];
  let vectorAt: string | undefined;
  const visit: VisitLeaf = (query, name, leaf, at) => {
    const decision = decide(name, leaf, at, fields);
    decisions.push(decision);
    if ('left' in decision && decision.left === 'vector-already') vectorAt ??= `${at.path}.${name}`;
    return query;
  };
  walkBody(body, visit);
  for (const { query, path } of rescoresOf(body))
    walkQuery(query, { path, depth: 0, lexicalBecause: 'reorders' }, visit);
  return { decisions, vectorAt };
}

/** Walks what finds and orders a body's hits. Answers what `query` and `retriever` became. */
export function walkBody(body: JsonObject, visit: VisitLeaf): { query?: JsonObject; retriever?: JsonObject } {
  const lexicalBecause = askedPage(body).size === 0 ? 'counts' : whyScoresDoNotOrder(body);
  const walked: { query?: JsonObject; retriever?: JsonObject } = {};
  if (body.query !== undefined && body.query !== null) {
    walked.query = walkQuery(body.query, { path: 'query', depth: 0, lexicalBecause }, visit);
  }
  if (body.retriever !== undefined && body.retriever !== null) {
    walked.retriever = walkRetriever(body.retriever, { path: 'retriever', depth: 0, lexicalBecause }, visit);
  }
  return walked;
}

/**
 * A clause may stand under so many queries: engines refuse more than 20 (`indices.query.bool.max_nested_depth`; Elasticsearch 30), and
 * a pair adds up to five levels.
 */
const MAX_QUERIES_AROUND = 14;

/** Models read a few hundred words; this is a small book's chapter. */
const MAX_TEXT_LENGTH = 100_000;

function decide(name: string, leaf: unknown, at: Position, fields: VectorFields): Decision {
  const asked = askedField(name, leaf);
  if (asked !== undefined && fields.has(asked)) return { name, at, left: 'vector-already', terms: 1 };
  const clause = readTextClause(name, leaf, `${at.path}.${name}`);
  if (!clause) return { name, at, left: at.lexicalBecause ?? 'not-text', terms: 1 };
  if ('unreadable' in clause) return { name, at, left: at.lexicalBecause ?? clause.unreadable, terms: 1 };
  const coverage = fields.cover(clause.fields, at.scope);
  const left = whyLeft(clause, coverage, at, fields);
  if (left) return { name, at, left, terms: termsOf(clause.text, clause.fields.length) };
  const { length } = clause.text;
  if (length > MAX_TEXT_LENGTH) throw new QueryTextTooLong(`${at.path}.${name}`, length, MAX_TEXT_LENGTH);
  return { name, at, clause, coverage };
}

function whyLeft(clause: TextClause, coverage: Coverage, at: Position, fields: VectorFields): LeftReason | undefined {
  if (at.lexicalBecause) return at.lexicalBecause;
  // A score of nothing asks yes or no, and more documents would say yes to a vector.
  if (clause.boost === 0) return 'filter';
  // Of a text without words a model makes some all the same, where the engine finds nothing, or by `zero_terms_query` everything.
  if (clause.text.trim() === '') return 'no-terms';
  if (coverage.vectors.length === 0) {
    const elsewhere = at.scope !== undefined && fields.cover(clause.fields).vectors.length > 0;
    return elsewhere ? 'out-of-scope' : 'no-vector';
  }
  return at.depth > MAX_QUERIES_AROUND ? 'too-deep' : undefined;
}

function rescoresOf({ rescore }: JsonObject): { query: unknown; path: string }[] {
  const steps = Array.isArray(rescore) ? rescore : [rescore];
  return steps.flatMap((step, i) => {
    if (!isObject(step) || !isObject(step.query)) return [];
    const path = Array.isArray(rescore) ? `rescore[${i}]` : 'rescore';
    return [{ query: step.query.rescore_query, path: `${path}.query.rescore_query` }];
  });
}
