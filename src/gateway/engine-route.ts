import { endpointOf } from '../clients/request-endpoint.js';

/** What a request asks of the engine, where a plan can change it. */
export interface EngineRoute {
  readonly kind: 'search' | 'template' | 'multi-search' | 'document' | 'bulk';
  /** The index in the path; several by commas. */
  readonly index?: string;
  readonly path: string;
  /** The path and the query string, as the client wrote them. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<string, EngineRoute['kind']>> = {
  _search: 'search',
  '_search/template': 'template',
  _async_search: 'search',
  _msearch: 'multi-search',
  _doc: 'document',
  _create: 'document',
  _update: 'document',
  _bulk: 'bulk',
};
const METHODS: Readonly<Record<EngineRoute['kind'], readonly string[]>> = {
  search: ['GET', 'POST'],
  template: ['GET', 'POST'],
  'multi-search': ['GET', 'POST'],
  document: ['PUT', 'POST'],
  bulk: ['PUT', 'POST'],
};

/** The route of a request that a plan may change; `undefined` for all that passes as it is. */
export function engineRouteOf(method: string, url: string): EngineRoute | undefined {
  const [path, search = ''] = url.split(/\?(.*)/s) as [string, string?];
  const { endpoint, index } = endpointOf(path);
  const kind = Object.hasOwn(KINDS, endpoint) ? KINDS[endpoint] : undefined;
  if (!kind || !METHODS[kind].includes(method)) return undefined;
  return { kind, index, path, url, query: Object.fromEntries(new URLSearchParams(search)) };
}
