import type { JsonObject } from '../dialect/dialect.js';
import { ExactNumber, exactJson, parseExactJson } from '../dialect/exact-number.js';
import { isPlain } from '../dialect/plain-object.js';

/** A request as both official clients hand it to their transport. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly querystring?: Readonly<Record<string, unknown>> | string;
  readonly body?: unknown;
  /** Lines of `_bulk` and `_msearch`: objects, or objects already serialised. */
  readonly bulkBody?: unknown;
}

/** Sends a request and gives what the client's transport answers. @param carries whether a vector goes with it: words mean the same to every index. */
export type Send = (request: ClientRequest, carries?: 'vectors') => Promise<unknown>;

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
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  }
}

/**
 * A body's object, read so that its numbers can be written as they stood. What writes itself (`toJSON`: dates, documents of a mapper, query
 * builders) is read from what the client would send of it.
 * @throws {SyntaxError}
 */
export function objectOf(body: unknown): JsonObject {
  if (typeof body === 'string') return parseExactJson(body) as JsonObject;
  return (isOfLiterals(body) ? body : parseExactJson(exactJson(body))) as JsonObject;
}

/** Whether a value is what JSON gives, all through: plain objects, arrays, and what is neither. */
function isOfLiterals(value: unknown, ancestors = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return true;
  // What contains itself is for the translator, or the client, to refuse.
  if (ancestors.has(value)) return true;
  if (!isPlain(value) || typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  ancestors.add(value);
  const isWhole = Object.values(value).every((inner) => isOfLiterals(inner, ancestors));
  ancestors.delete(value);
  return isWhole;
}

/** Bytes as their text; streams stay streams. */
export function textOfBytes(body: unknown): unknown {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
}

/** Whether a body comes piece by piece, which nothing here can read. */
export function isStream(body: unknown): boolean {
  const { pipe, [Symbol.asyncIterator]: pieces } = (body ?? {}) as { pipe?: unknown; [Symbol.asyncIterator]?: unknown };
  return typeof pipe === 'function' || typeof pieces === 'function';
}

/** A changed object in the form in which the client gave the first one: serialised, or not. */
export function inFormOf(given: unknown, changed: JsonObject): unknown {
  return typeof given === 'string' ? exactJson(changed) : changed;
}
