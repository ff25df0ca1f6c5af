import type { JsonObject } from '../dialect/dialect.js';
import { isObject } from '../dialect/plain-object.js';
import { objectOf } from './wire-request.js';

/** One search of an `_msearch`, read and as it was given. */
export interface HeadedSearch {
  /** The index or indices that its header names, if it does. */
  readonly index?: unknown;
  readonly givenHeader: unknown;
  readonly body: JsonObject;
  readonly givenBody: unknown;
}

/**
 * The searches of an `_msearch`: every first line is a header, every second a body. `undefined` for lines that cannot be read, which the engine answers for;
 * empty ones are among them, for what they are differs from engine to engine.
 */
export function headedSearchesIn(lines: readonly unknown[]): HeadedSearch[] | undefined {
  try {
    const objects = lines.map(objectOf);
    if (objects.length % 2 > 0 || !objects.every(isObject)) return undefined;
    const headers = objects.map((_, i) => i).filter((i) => i % 2 === 0);
    return headers.map((i) => ({
      index: indexIn(objects[i]!),
      givenHeader: lines[i],
      body: objects[i + 1]!,
      givenBody: lines[i + 1],
    }));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  }
}

/** Engines take both names, and the last one that they meet (MultiSearchRequest.readMultiLineFormat). */
export function indexIn(header: JsonObject): unknown {
  const name = Object.keys(header).findLast((key) => key === 'index' || key === 'indices');
  return name === undefined ? undefined : header[name];
}
