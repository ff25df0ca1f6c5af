import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import { isObject } from '../../dialect/plain-object.js';
import type { VectorPlan } from '../../mapping/vector-plan.js';
import { type Pruning, unpruned } from '../../sparse/pruning.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';
import { VocabularyMismatch } from '../../sparse/vocabulary.js';
import { VectorMissing } from '../language/body-faults.js';
import { sparseQuery } from '../sparse-query.js';
import type { HybridLists } from '../strategies/hybrid-lists.js';
import { replace } from '../strategies/replace.js';
import { type Placement, type Strategy, scaled } from '../strategies/strategy.js';
import { featuresEach } from './clause-budget.js';
import type { Decision } from './decision.js';
import { type Survey, surveyBody, walkBody } from './survey-body.js';
import type {
  AskedVector,
  LeftClause,
  RefusedPart,
  TranslatedClause,
  TranslationReport,
} from './translation-report.js';
import { type CoveringVector, VectorFields } from './vector-fields.js';

/** What a translation is driven by. */
export interface TranslateOptions {
  /** The index's plan: which text fields have which vector field. */
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Default {@link replace}. */
  readonly strategy?: Strategy;
  /** Of the query's vectors. Default none. */
  readonly pruning?: Pruning;
  /** How many features the engine takes in one body; the dialect's own limit where absent. */
  readonly maxFeatures?: number;
}

/** A body, and what was done to it. */
export interface Translation {
  readonly body: JsonObject;
  /** Where a strategy joins two lists in the client: the two bodies to ask instead of `body`, which is then as it was. */
  readonly lists?: HybridLists;
  readonly report: TranslationReport;
}

/**
 * The texts of a search body that {@link translate} will need the vectors of, each once.
 * @throws as `translate` does.
 */
export function textsIn(body: unknown, { plan }: Pick<TranslateOptions, 'plan'>): string[] {
  const survey = surveyBody(body, new VectorFields(plan));
  if (survey.vectorAt !== undefined) return [];
  return [...new Set(survey.decisions.flatMap((decision) => ('clause' in decision ? [decision.clause.text] : [])))];
}

/**
 * A lexical search body as a SPLADE body. Pure and synchronous: the body given is not changed (the answer shares what stays the
 * same with it), and a body that was translated stays as it is. docs/translation.md lists what becomes of each query.
 * @param vectors of every text that {@link textsIn} lists.
 * @throws {InvalidBody} where a query is not what the language has there; {BodyTooLarge} for a body that is too deep, too large or
 *   contains itself; {QueryTextTooLong}; {VectorMissing}; {VocabularyMismatch} for vectors of another model.
 */
export function translate(
  body: unknown,
  options: TranslateOptions,
  vectors: ReadonlyMap<string, SparseVector>,
): Translation {
  const { plan, strategy = replace() } = options;
  const fields = new VectorFields(plan);
  const survey = surveyBody(body, fields);
  const search = body as JsonObject;
  if (survey.vectorAt !== undefined) {
    return asItWas(search, strategy, [{ path: survey.vectorAt, query: '', reason: 'vector-already' }]);
  }
  if (survey.decisions.length === 0) return asItWas(search, strategy, []);
  const rewriting = new Rewriting(options, strategy, survey, vectors, counts(search));
  return rewriting.run(search);
}

/** Whether a body counts what matches, so that what matches must stay the same. */
function counts({ aggs, aggregations }: JsonObject): boolean {
  return [aggs, aggregations].some((given) => isObject(given) && Object.keys(given).length > 0);
}

function asItWas(body: JsonObject, { spec }: Strategy, left: LeftClause[], refused: RefusedPart[] = []): Translation {
  return { body, report: { strategy: spec, translated: [], left, refused } };
}

class Rewriting {
  readonly #translated: TranslatedClause[] = [];
  readonly #left: LeftClause[] = [];
  readonly #featuresEach: number;
  /** How often each vector field was asked so far. */
  readonly #asked = new Map<string, number>();
  #next = 0;

  constructor(
    private readonly options: TranslateOptions,
    private readonly strategy: Strategy,
    private readonly survey: Survey,
    private readonly vectors: ReadonlyMap<string, SparseVector>,
    private readonly bodyCounts: boolean,
  ) {
    const { dialect, maxFeatures = dialect.limits.features } = options;
    this.#featuresEach = featuresEach(survey.decisions, strategy, bodyCounts, maxFeatures);
  }

  run(body: JsonObject): Translation {
    const { query, retriever } = walkBody(body, (leaf) => this.#rewrite(leaf, this.survey.decisions[this.#next++]!));
    for (const rest of this.survey.decisions.slice(this.#next)) this.#leave(rest, 'reorders');
    if (this.#translated.length === 0) return asItWas(body, this.strategy, this.#left);
    const placed = this.#place(body, query, retriever);
    if ('refused' in placed) {
      return asItWas(body, this.strategy, this.#left, [{ path: 'query', reason: placed.refused }]);
    }
    const report = { strategy: this.strategy.spec, translated: this.#translated, left: this.#left, refused: [] };
    return 'lists' in placed ? { body, lists: placed.lists, report } : { body: placed.body, report };
  }

  #place(body: JsonObject, query: JsonObject | undefined, retriever: JsonObject | undefined): Placement {
    if (retriever) return this.strategy.placeRetriever(query ? { ...body, query } : body, retriever);
    return this.strategy.place(body, query!);
  }

  #rewrite(leaf: JsonObject, decision: Decision): JsonObject {
    if ('left' in decision) {
      this.#leave(decision, decision.left);
      return leaf;
    }
    const { clause, coverage, name, at } = decision;
    const vector = this.#vectorOf(clause.text);
    if (vector.size === 0) {
      this.#leave(decision, 'no-terms');
      return leaf;
    }
    const queries: JsonObject[] = [];
    const asked = coverage.vectors.map((covering) => this.#ask(covering, vector, queries));
    if (coverage.uncovered.length > 0) queries.push(clause.asking(coverage.uncovered));
    const kept = clause.demand ?? (this.bodyCounts ? 'aggs' : undefined);
    this.#translated.push({
      path: `${at.path}.${name}`,
      query: name,
      vectors: asked,
      uncovered: coverage.uncovered.map((field) => field.name),
      kept,
      ignored: clause.ignored,
    });
    return this.strategy.pair({
      lexical: leaf,
      bare: clause.boost === 1 && clause.label === undefined ? leaf : clause.asking(clause.fields),
      sparse: scaled(joined(queries, clause), clause.boost),
      keepMatches: kept !== undefined,
      label: clause.label,
    });
  }

  #ask({ field, boost, covers, widenedBy }: CoveringVector, vector: SparseVector, into: JsonObject[]): AskedVector {
    const { dialect } = this.options;
    const name = this.#nameOf(field);
    const { query, features, dropped } = sparseQuery(vector, { dialect, field, maxFeatures: this.#featuresEach, name });
    into.push(scaled(query, boost));
    return { field, covers, widenedBy, terms: features.length, dropped: dropped.length };
  }

  /** Engines refuse two queries whose inner hits have the same name: the second of a field is `splade_2`. */
  #nameOf(field: string): string {
    const asked = (this.#asked.get(field) ?? 0) + 1;
    this.#asked.set(field, asked);
    return asked === 1 ? field : `${field}_${asked}`;
  }

  #vectorOf(text: string): SparseVector {
    const vector = this.vectors.get(text);
    if (!vector) throw new VectorMissing(text);
    const { fingerprint } = vector.vocabulary;
    if (fingerprint !== this.options.plan.vocabulary)
      throw new VocabularyMismatch(this.options.plan.vocabulary, fingerprint);
    return (this.options.pruning ?? unpruned).prune(vector);
  }

  #leave({ name, at }: Decision, reason: LeftClause['reason']): void {
    this.#left.push({ path: `${at.path}.${name}`, query: name, reason });
  }
}

function joined(queries: readonly JsonObject[], clause: { join: 'best' | 'sum'; tieBreaker?: number }): JsonObject {
  if (queries.length === 1) return queries[0]!;
  if (clause.join === 'sum') return { bool: { should: queries } };
  return { dis_max: { queries, ...(clause.tieBreaker !== undefined && { tie_breaker: clause.tieBreaker }) } };
}
