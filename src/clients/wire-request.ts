import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';

/** A request as both official clients hand it to their transport. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly querystring?: Readonly<Record<string, unknown>> | string;
  readonly body?: unknown;
  /** Lines of `_bulk` and `_msearch`: objects, or objects already serialised. */
  readonly bulkBody?: unknown;
}

/** Sends a request and gives what the client's transport answers. */
export type Send = (request: ClientRequest) => Promise<unknown>;

/** The engine's answer in what a transport gives: the OpenSearch client's, and the Elasticsearch one's with `meta`, wrap it. */
export function answerIn(given: unknown): JsonObject {
  return (isWrapped(given) ? given.body : given) as JsonObject;
}

/** What a transport gave, with the engine's answer changed. */
export function mapAnswer(given: unknown, change: (answer: JsonObject) => JsonObject): unknown {
  return isWrapped(given) ? { ...given, body: change(given.body as JsonObject) } : change(given as JsonObject);
}

function isWrapped(given: unknown): given is { readonly body: unknown } {
  return typeof given === 'object' && given !== null && 'statusCode' in given && 'body' in given;
}

/** A request's parameter, wherever the client put it. */
export function parameterOf({ querystring }: ClientRequest, name: string): unknown {
  return typeof querystring === 'object' ? querystring[name] : undefined;
}

/** One line of `_bulk` or `_msearch`. */
export interface Line {
  /** As the client gave it: an object, or one already serialised. */
  readonly given: unknown;
  /** Its object; numbers that no float64 is are kept as they were written. */
  readonly object: JsonObject;
}

/**
 * The lines of a bulk body. `undefined` for one that cannot be read, which then passes through.
 * Helpers serialise items one by one; a body may also be one text of lines.
 */
export function linesOf(bulkBody: unknown): Line[] | undefined {
  const items = typeof bulkBody === 'string' ? bulkBody.split('\n').filter((line) => line !== '') : bulkBody;
  if (!Array.isArray(items)) return undefined;
  try {
    return items.map((given) => ({ given, object: objectOf(given) }));
  } catch {
    return undefined;
  }
}

/** A body's object, read so that its numbers can be written as they stood. @throws {SyntaxError} */
export function objectOf(body: unknown): JsonObject {
  return (typeof body === 'string' ? parseExactJson(body) : body) as JsonObject;
}

/** A changed object in the form in which the client gave the first one: serialised, or not. */
export function inFormOf(given: unknown, changed: JsonObject): unknown {
  return typeof given === 'string' ? exactJson(changed) : changed;
}
