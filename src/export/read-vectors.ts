import { BrokenLine } from './export-faults.js';
import { numberEntries } from './json-entries.js';
import { readLines, textOf } from './read-lines.js';
import type { TokenVector } from './token-vector.js';

/** What is wrong with a line, said without its place: {@link readVectors} knows that. */
export class Malformed extends Error {}

/** What readers of files take. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Called with each line that cannot be used, which is then left out; without it such a line ends the reading. */
  readonly onBroken?: (broken: BrokenLine) => void;
  /** Where readers that have to sort may put files while they run; beside the file they read, unless told otherwise. */
  readonly workFolder?: string;
}

/**
 * The vectors of a file of one vector a line. Blank lines are passed over.
 * @throws {BrokenLine} unless `onBroken` takes it; {@link BrokenFile}
 */
export async function* readVectors<T = TokenVector>(
  file: string,
  parse: (line: string) => T,
  { signal, onBroken }: ReadOptions = {},
): AsyncGenerator<T> {
  for await (const line of readLines(file, signal)) {
    let vector: T | undefined;
    try {
      const text = textOf(line, file);
      if (text.trim() !== '') vector = parse(text);
    } catch (thrown) {
      const broken = thrown instanceof Malformed ? new BrokenLine(file, line.number, thrown.message) : thrown;
      if (!(broken instanceof BrokenLine && onBroken)) throw broken;
      onBroken(broken);
    }
    if (vector !== undefined) yield vector;
  }
}

/**
 * A line's JSON object. @throws {Malformed} for anything else.
 */
export function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Malformed(`no JSON: ${(cause as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Malformed('JSON, but not an object');
}

/** A field's text, or a number as text: ids are written both ways. @throws {Malformed} */
export function idIn(object: Record<string, unknown>, field: string): string {
  const value = object[field];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw new Malformed(
    value === undefined ? `no field ${JSON.stringify(field)}` : `field ${JSON.stringify(field)} is no id`,
  );
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
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
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
