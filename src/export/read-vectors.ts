import { ExactNumber, parseExactJson } from '../dialect/exact-number.js';
import { idText } from '../dialect/id-text.js';
import { BrokenLine } from './export-faults.js';
import { numberEntries } from './json-entries.js';
import { type Line, readLines } from './read-lines.js';
import type { TokenVector } from './token-vector.js';
import type { VectorItem } from './vector-source.js';

/** What is wrong with a line, said without its place: the reader of the file knows that. */
export class Malformed extends Error {}

/** What readers of files take. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Where readers that have to sort may put files while they run; beside the file they read, unless told otherwise. */
  readonly workFolder?: string;
}

/** How much of a line that cannot be used is kept, in characters. */
const EXCERPT = 2000;

/**
 * The vectors of a file of one vector a line, or what is wrong with a line. Blank lines are passed over.
 * @throws {BrokenFile}
 */
export async function* readVectors(
  file: string,
  parse: (line: string) => TokenVector,
  { signal }: ReadOptions = {},
): AsyncGenerator<VectorItem> {
  for await (const { line, text, ...read } of readRows(file, parse, signal)) {
    if ('row' in read) yield { ok: true, document: { ...read.row, line } };
    else {
      const document = text?.slice(0, EXCERPT);
      yield { ok: false, refusal: { line, status: 400, type: 'unreadable_line', reason: read.reason, document } };
    }
  }
}

/**
 * The rows of a file of which none can be left out.
 * @throws {BrokenLine} {@link BrokenFile}
 */
export async function* readEveryRow<T>(
  file: string,
  parse: (line: string) => T,
  { signal }: ReadOptions = {},
): AsyncGenerator<T> {
  for await (const { line, ...read } of readRows(file, parse, signal)) {
    if ('reason' in read) throw new BrokenLine(file, line, read.reason);
    yield read.row;
  }
}

/** A line of a file: what it was read as, or why it could not be. */
type ReadRow<T> = { readonly line: number; readonly text?: string } & (
  | { readonly row: T }
  | { readonly reason: string }
);

async function* readRows<T>(
  file: string,
  parse: (line: string) => T,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadRow<T>> {
  for await (const line of readLines(file, signal)) {
    const row = rowOf(line, parse);
    if (row) yield row;
  }
}

function rowOf<T>({ number: line, bytes }: Line, parse: (line: string) => T): ReadRow<T> | undefined {
  let text: string | undefined;
  try {
    text = textOf(bytes);
    return text.trim() === '' ? undefined : { line, text, row: parse(text) };
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return { line, text, reason: thrown.message };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed('bytes that are not UTF-8');
  }
}

/** A line's JSON object, its numbers to the last digit: ids may have more than a float64. @throws {Malformed} for anything else. */
export function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseExactJson(line);
  } catch (cause) {
    throw new Malformed(`no JSON: ${(cause as Error).message}`);
  }
  if (isObject(value)) return value;
  throw new Malformed('JSON, but not an object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** A field's text, or a number as text: ids are written both ways. @throws {Malformed} */
export function idIn(object: Record<string, unknown>, field: string): string {
  const id = idText(object[field]);
  if (id) return id;
  const name = JSON.stringify(field);
  throw new Malformed(object[field] === undefined ? `no field ${name}` : `field ${name} is no id`);
}

/**
 * The vector in the object under `path` of a line that {@link parseObject} has taken: tokens to weights, in written order.
 * @throws {Malformed} for a weight that is no positive finite number, or a token that stands twice.
 */
export function vectorIn(
  line: string,
  object: Record<string, unknown>,
  id: string,
  path: readonly string[],
): TokenVector {
  let inner: unknown = object;
  for (const key of path) inner = (inner as Record<string, unknown> | undefined)?.[key];
  if (!isObject(inner)) {
    throw new Malformed(`no object of tokens and weights in field ${JSON.stringify(path.join('.'))}`);
  }
  const { keys: tokens, values: weights } = numberEntries(line, path);
  return checkedVector(id, tokens, weights);
}

/** @throws {Malformed} for a weight that is no positive finite number, or a token that stands twice. */
export function checkedVector(id: string, tokens: readonly string[], weights: readonly number[]): TokenVector {
  const wrong = weights.findIndex((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong >= 0) {
    throw new Malformed(
      `weight ${weights[wrong]} of token ${JSON.stringify(tokens[wrong])}: weights are finite and above 0`,
    );
  }
  if (new Set(tokens).size < tokens.length) {
    const twice = tokens.find((token, i) => tokens.indexOf(token) < i);
    throw new Malformed(`token ${JSON.stringify(twice)} stands twice`);
  }
  return { id, tokens, weights };
}
