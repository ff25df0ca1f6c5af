import type { JsonObject } from '../../dialect/dialect.js';
import { isObject } from '../../dialect/plain-object.js';

/** Why a clause stays as it is. The codes are part of the public interface; docs/translation.md says what each means. */
export type LeftReason =
  | 'filter'
  | 'counts'
  | 'sorted'
  | 'min-score'
  | 'no-vector'
  | 'out-of-scope'
  | 'syntax'
  | 'prefix'
  | 'all-fields'
  | 'no-terms'
  | 'not-text'
  | 'vector-already'
  | 'reorders'
  | 'too-deep'
  | 'short-form'
  | 'unknown-retriever'
  | 'no-query';

/** A query inside a query: where it stands, and why its score does not order the answer, if so. */
export interface Child {
  readonly key: string;
  /** The key of the query in each item of a list (`functions[].filter`), where the items are no queries themselves. */
  readonly inside?: string;
  readonly lexicalBecause?: LeftReason;
  /** The nested object whose fields the query asks. */
  readonly scope?: string;
}

/** The queries that hold queries, in both engines' languages; a query that is not among them is a leaf. */
export function childrenOf(name: string, body: JsonObject): readonly Child[] | undefined {
  return Object.hasOwn(COMPOUND, name) ? COMPOUND[name]!(body) : undefined;
}

const filter = 'filter' satisfies LeftReason;

const COMPOUND: Readonly<Record<string, (body: JsonObject) => readonly Child[]>> = {
  bool: () => [
    { key: 'must' },
    { key: 'should' },
    { key: 'filter', lexicalBecause: filter },
    { key: 'must_not', lexicalBecause: filter },
  ],
  dis_max: () => [{ key: 'queries' }],
  constant_score: () => [{ key: 'filter', lexicalBecause: filter }],
  function_score: (body) => [
    { key: 'query', ...unscored(replacesScore(body)), ...bounded(body) },
    { key: 'functions', inside: 'filter', lexicalBecause: filter },
  ],
  script_score: (body) => [{ key: 'query', ...unscored(!readsScore(body.script)), ...bounded(body) }],
  boosting: () => [{ key: 'positive' }, { key: 'negative', lexicalBecause: filter }],
  nested: (body) => [
    { key: 'query', ...unscored(body.score_mode === 'none'), scope: typeof body.path === 'string' ? body.path : '' },
  ],
  has_child: (body) => [{ key: 'query', ...unscored((body.score_mode ?? 'none') === 'none') }],
  has_parent: (body) => [{ key: 'query', ...unscored(body.score !== true) }],
  hybrid: () => [{ key: 'queries' }, { key: 'filter', lexicalBecause: filter }],
  pinned: () => [{ key: 'organic' }],
  rule: () => [{ key: 'organic' }],
  rule_query: () => [{ key: 'organic' }],
};

/**
 * A body or a retriever whose hits are bounded by score, or sorted by something else first, asks its query only yes or no; `undefined` where
 * scores order them.
 */
export function whyScoresDoNotOrder({ min_score, sort }: JsonObject): LeftReason | undefined {
  if (min_score !== undefined && min_score !== null) return 'min-score';
  const [first] = Array.isArray(sort) ? sort : [sort];
  const key = isObject(first) ? Object.keys(first)[0] : first;
  if (key === undefined || key === null || (typeof key === 'string' && key.split(':')[0] === '_score'))
    return undefined;
  return 'sorted';
}

/** The retrievers of Elasticsearch that hold queries or retrievers: `query` keys hold queries, the others retrievers. */
export const RETRIEVER_CHILDREN: Readonly<Record<string, readonly string[]>> = {
  standard: ['query'],
  rrf: ['retrievers'],
  linear: ['retrievers'],
  rescorer: ['retriever'],
  text_similarity_reranker: ['retriever'],
  rule: ['retriever'],
  pinned: ['retriever'],
  diversify: ['retriever'],
};

/**
 * Why a retriever is left whole; `undefined` for one whose queries are walked. `rrf` and `linear` take a text and fields instead of retrievers (9.1):
 * the engine makes retrievers of them by the types of the fields, which a body does not show.
 */
export function whyRetrieverIsLeft(name: string, { query }: JsonObject): LeftReason | undefined {
  if (name === 'knn') return 'not-text';
  if (!Object.hasOwn(RETRIEVER_CHILDREN, name)) return 'unknown-retriever';
  return query !== undefined && (name === 'rrf' || name === 'linear') ? 'short-form' : undefined;
}

/** A bound on scores asks yes or no with a number from the lexical scale. */
function bounded(body: JsonObject): Pick<Child, 'lexicalBecause'> {
  return body.min_score === undefined ? {} : { lexicalBecause: 'min-score' };
}

function lowerCase(value: unknown): string {
  return String(value).toLowerCase();
}

/** Whether the functions' score stands in the query's place, and none of them is made of it. */
function replacesScore(body: JsonObject): boolean {
  const functions = [body, ...(Array.isArray(body.functions) ? body.functions : [body.functions])].filter(isObject);
  const scripts = functions.map(({ script_score }) => script_score).filter(isObject);
  return lowerCase(body.boost_mode) === 'replace' && !scripts.some(({ script }) => readsScore(script));
}

/** Whether a script may read the score of its query: one that is stored, or that is not Painless, may. */
function readsScore(script: unknown): boolean {
  const { source, lang } = (typeof script === 'object' && script !== null ? script : { source: script }) as JsonObject;
  const isPainless = lang === undefined || lang === 'painless';
  return !isPainless || typeof source !== 'string' || source.includes('_score');
}

function unscored(isUnscored: boolean): Pick<Child, 'lexicalBecause'> {
  return isUnscored ? { lexicalBecause: filter } : {};
}
