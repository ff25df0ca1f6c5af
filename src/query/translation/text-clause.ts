import type { JsonObject } from '../../dialect/dialect.js';
import { ExactNumber, nearestNumber } from '../../dialect/exact-number.js';
import { isObject } from '../../dialect/plain-object.js';
import { InvalidBody } from '../language/body-faults.js';
import type { WeightedField } from './vector-fields.js';

/** A lexical clause that asks with free text, read into what matters for its translation. */
export interface TextClause {
  readonly text: string;
  readonly fields: readonly WeightedField[];
  /** How the scores of several fields join: the best one, or their sum. */
  readonly join: 'best' | 'sum';
  readonly tieBreaker?: number;
  /** The parameter that makes it a demand (all words, so many words, this phrase) and not only a question. */
  readonly demand?: string;
  readonly boost: number;
  /** `_name`, by which hits say which clauses they matched. */
  readonly label?: string;
  /** Parameters that a vector has no counterpart for. */
  readonly ignored: readonly string[];
  /** The same clause asking other fields, without boost and name. */
  readonly asking: (fields: readonly WeightedField[]) => JsonObject;
}

/** Why a clause that looks like text cannot be read as free text. */
export interface Unreadable {
  readonly unreadable: 'syntax' | 'prefix' | 'all-fields';
}

type Reader = (name: string, body: JsonObject, path: string) => TextClause | Unreadable;

/** Reads a clause; `undefined` for one that is no free text. @throws {InvalidBody} */
export function readTextClause(name: string, body: unknown, path: string): TextClause | Unreadable | undefined {
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!read) return undefined;
  if (!isObject(body)) throw new InvalidBody(path, 'an object', body);
  return read(name, body, path);
}

const READERS: Readonly<Record<string, Reader>> = {
  match: readOneField,
  match_phrase: readOneField,
  match_phrase_prefix: () => ({ unreadable: 'prefix' }),
  match_bool_prefix: () => ({ unreadable: 'prefix' }),
  multi_match: readManyFields,
  combined_fields: readManyFields,
  query_string: readManyFields,
  simple_query_string: readManyFields,
};

function readOneField(name: string, body: JsonObject, path: string): TextClause {
  const [[field, given] = [], ...others] = Object.entries(body);
  if (field === undefined || others.length > 0) throw new InvalidBody(path, 'one field', body);
  const options: JsonObject = isObject(given) ? given : { query: given };
  const phrase = name === 'match_phrase' ? name : undefined;
  return {
    text: textOf(options.query, `${path}.${field}`),
    fields: [{ name: field, boost: 1 }],
    join: 'best',
    demand: phrase ?? demandOf(options),
    boost: numberOf(options.boost, `${path}.${field}.boost`),
    label: labelOf(options),
    ignored: ignoredIn(options),
    asking: () => ({ [name]: Object.fromEntries([[field, unscored(options)]]) }),
  };
}

function readManyFields(name: string, body: JsonObject, path: string): TextClause | Unreadable {
  const text = textOf(body.query, `${path}.query`);
  if (SYNTAX[name]?.test(text)) return { unreadable: 'syntax' };
  const type = body.type ?? (name === 'combined_fields' ? 'cross_fields' : 'best_fields');
  if (type === 'phrase_prefix' || type === 'bool_prefix') return { unreadable: 'prefix' };
  const fields = fieldsOf(body, `${path}.fields`);
  if (fields.length === 0) return { unreadable: 'all-fields' };
  const { default_field, ...rest } = body;
  return {
    text,
    fields,
    join: type === 'most_fields' || type === 'cross_fields' || name === 'simple_query_string' ? 'sum' : 'best',
    tieBreaker: nearestNumber(body.tie_breaker) as number | undefined,
    demand: type === 'phrase' ? 'type' : demandOf(body),
    boost: numberOf(body.boost, `${path}.boost`),
    label: labelOf(body),
    ignored: ignoredIn(body),
    asking: (asked) => ({ [name]: { ...unscored(rest), fields: asked.map(writtenField) } }),
  };
}

/**
 * Text with operators says more than words: it is not rewritten. Lucene's classic syntax, and the few signs of simple_query_string.
 * Hyphens inside a word are none.
 */
const SYNTAX: Readonly<Record<string, RegExp | undefined>> = {
  query_string: /(?:^|\s)[-+]|[!"*?:(){}[\]^~/\\<>=]|&&|\|\||(?:^|\s)(?:AND|OR|NOT)(?:\s|$)/,
  simple_query_string: /(?:^|\s)-|["+*|()~\\]/,
};

function demandOf(options: JsonObject): string | undefined {
  for (const name of ['operator', 'default_operator']) {
    const operator = options[name];
    if (typeof operator === 'string' && operator.toLowerCase() === 'and') return name;
  }
  const least = nearestNumber(options.minimum_should_match);
  return least === undefined || least === null || least === 1 || least === '1' ? undefined : 'minimum_should_match';
}

const IGNORED = [
  'fuzziness',
  'analyzer',
  'slop',
  'prefix_length',
  'max_expansions',
  'cutoff_frequency',
  'quote_field_suffix',
];

function ignoredIn(options: JsonObject): string[] {
  return IGNORED.filter((name) => options[name] !== undefined);
}

function unscored({ boost, _name, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Leaf queries take numbers for a name, compound ones do not. */
function labelOf({ _name: name }: JsonObject): string | undefined {
  return name === undefined || name === null ? undefined : String(name);
}

function textOf(query: unknown, path: string): string {
  if (typeof query === 'string') return query;
  if (typeof query === 'number' || typeof query === 'boolean' || query instanceof ExactNumber) return String(query);
  throw new InvalidBody(path, 'a text', query);
}

function fieldsOf(body: JsonObject, path: string): WeightedField[] {
  const given = body.fields ?? body.default_field ?? [];
  const list = typeof given === 'string' ? [given] : given;
  if (!Array.isArray(list)) throw new InvalidBody(path, 'a list of fields', list);
  return list.map((field) => readField(field, path));
}

function readField(field: unknown, path: string): WeightedField {
  if (typeof field !== 'string') throw new InvalidBody(path, 'a list of field names', field);
  const caret = field.indexOf('^');
  if (caret < 0) return { name: field, boost: 1 };
  return { name: field.slice(0, caret), boost: numberOf(field.slice(caret + 1), `${path} ${field}`) };
}

function writtenField({ name, boost }: WeightedField): string {
  return boost === 1 ? name : `${name}^${boost}`;
}

function numberOf(value: unknown, path: string): number {
  if (value === undefined || value === null) return 1;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : nearestNumber(value);
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new InvalidBody(path, 'a boost', value);
  return number;
}
