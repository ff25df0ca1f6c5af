import type { JsonObject } from '../dialect/dialect.js';
import { ExactNumber, exactJson, parseExactJson } from '../dialect/exact-number.js';
import { isObject, isPlain } from '../dialect/plain-object.js';

/** A request as both official clients hand it to their transport. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly querystring?: Readonly<Record<string, unknown>> | string;
  readonly body?: unknown;
  /** Lines of `_bulk` and `_msearch`: objects, or objects already serialised. */
  readonly bulkBody?: unknown;
}

/** What goes with a request: vectors, or a query by them whose answer will be joined with another's, so that it must be read. */
export type Carried = 'vectors' | 'lists';

/** Sends a request and gives what the client's transport answers. @param carries nothing where it asks by words: they mean the same to every index. */
export type Send = (request: ClientRequest, carries?: Carried) => Promise<unknown>;

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

/** A request whose parameters are an object: clients take them as text, too, and behind the path. */
export interface ReadRequest extends ClientRequest {
  readonly querystring?: Readonly<Record<string, unknown>>;
}

/** The same request with its parameters read. */
export function withParametersRead(request: ClientRequest): ReadRequest {
  const [path = '', behindPath] = request.path.split(/\?(.*)/s);
  const { querystring } = request;
  if (behindPath === undefined && typeof querystring !== 'string') return { ...request, querystring };
  const given = typeof querystring === 'string' ? parametersIn(querystring) : querystring;
  return { ...request, path, querystring: { ...parametersIn(behindPath), ...given } };
}

function parametersIn(text: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The lines of a `_bulk` or `_msearch` as the client gave them: objects, or texts, which a body may also be all of. `undefined` for what is neither. */
export function linesIn(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'string') return Array.isArray(body) ? body : undefined;
  const lines = body.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Changed lines in the form in which the client gave the first ones: one text, or a list. */
export function linesInFormOf(given: unknown, changed: readonly unknown[]): unknown {
  return typeof given === 'string' ? changed.map((line) => `${line}\n`).join('') : changed;
}

/**
 * A body's object, read so that its numbers can be written as they stood. What writes itself (`toJSON`: dates, documents of a mapper, query
 * builders) is read from what the client would send of it.
 * @throws {SyntaxError}
 */
export function objectOf(body: unknown): JsonObject {
  if (typeof body === 'string') return parseExactJson(body, 'as written') as JsonObject;
  return (isOfLiterals(body) ? body : parseExactJson(exactJson(body))) as JsonObject;
}

/** The object in a body, as {@link objectOf} reads it; `undefined` where it has none, or is no JSON. */
export function objectIn(body: unknown): JsonObject | undefined {
  try {
    const value = objectOf(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
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

/** Closes a stream that nobody will read, so that its connection is free again. */
export function closeStream(body: unknown): void {
  const stream = body as { on?(event: 'error', listener: () => void): unknown; destroy?(): unknown };
  // Of a body that was not read to its end clients tell by an error, which ends the process where nobody listens.
  stream.on?.('error', () => {});
  stream.destroy?.();
}

/** A changed object in the form in which the client gave the first one: serialised, or not. */
export function inFormOf(given: unknown, changed: JsonObject): unknown {
  return typeof given === 'string' ? exactJson(changed) : changed;
}
