import { endpointOf } from './request-endpoint.js';
import { SearchRewriter } from './rewrite-searches.js';
import { WriteRewriter } from './rewrite-writes.js';
import type { SpladePlan } from './splade-plan.js';
import {
  type ClientRequest,
  isStream,
  type ReadRequest,
  type Send,
  textOfBytes,
  withParametersRead,
} from './wire-request.js';

/**
 * Asks or writes by SPLADE what it handles; answers `undefined` for what passes through.
 * @param signal ends the encoding, with its reason; what is sent is ended by who sends it.
 */
export type Handle = (request: ClientRequest, send: Send, signal?: AbortSignal) => Promise<unknown> | undefined;

/** What a wrapped client, or a gateway, does with each request on the indices of a plan. Whether they are still those of the plan is the caller's to see. */
export function spladeHandler(splade: SpladePlan): Handle {
  const planned = new Set(typeof splade.index === 'string' ? [splade.index] : splade.index);
  const isPlanned = (index: unknown) => {
    const names = Array.isArray(index) ? index : String(index ?? '').split(',');
    // No index at all is every index.
    return names.length > 0 && names.every((name) => planned.has(name));
  };
  const searches = new SearchRewriter(splade, isPlanned);
  const writes = new WriteRewriter(splade, isPlanned);
  const search: HandleRead = (request, send, signal) => searches.search(request, send, signal);
  const document: HandleRead = async (request, send, signal) => send(await writes.document(request, signal), 'vectors');
  const update: HandleRead = async (request, send, signal) => send(await writes.update(request, signal), 'vectors');
  const ofOneIndex: Readonly<Record<string, HandleRead>> = {
    ...{ _search: search, _async_search: search },
    ...{ _doc: document, _create: document, _update: update },
  };
  const bulk = async (request: ClientRequest, index: string | undefined, send: Send, signal?: AbortSignal) => {
    const written = await writes.bulk(request, index, signal);
    return send(written.request, written.isPlanned ? 'vectors' : undefined);
  };
  const handled: HandleRead = (given, send, signal) => {
    if (isStream(given.body) || isStream(given.bulkBody)) return undefined;
    const request = { ...given, body: textOfBytes(given.body), bulkBody: textOfBytes(given.bulkBody) };
    const { endpoint, index } = endpointOf(request.path);
    if (endpoint === '_msearch') return searches.multiSearch(request, index, send, signal);
    if (endpoint === '_bulk') return bulk(request, index, send, signal);
    if (!request.body || request.method === 'DELETE' || !isPlanned(index)) return undefined;
    return Object.hasOwn(ofOneIndex, endpoint) ? ofOneIndex[endpoint]!(request, send, signal) : undefined;
  };
  return (request, send, signal) => handled(withParametersRead(request), send, signal);
}

type HandleRead = (request: ReadRequest, send: Send, signal?: AbortSignal) => Promise<unknown> | undefined;
