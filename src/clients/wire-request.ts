/** A request as both official clients hand it to their transport. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly querystring?: Readonly<Record<string, unknown>> | string;
  readonly body?: unknown;
  /** Lines of `_bulk` and `_msearch`: objects, or objects already serialised. */
  readonly bulkBody?: unknown;
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
