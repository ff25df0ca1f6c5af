import type { JsonObject } from '../dialect/dialect.js';

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

/**
 * The items of a bulk body, each an object. `undefined` for one that cannot be read, which then passes through.
 * Helpers serialise items one by one; a body may also be one text of lines.
 */
export function linesOf(bulkBody: unknown): unknown[] | undefined {
  const items = typeof bulkBody === 'string' ? bulkBody.split('\n').filter((line) => line !== '') : bulkBody;
  if (!Array.isArray(items)) return undefined;
  try {
    return items.map((item) => (typeof item === 'string' ? JSON.parse(item) : item));
  } catch {
    return undefined;
  }
}
