import { SearchRewriter } from './rewrite-searches.js';
import { WriteRewriter } from './rewrite-writes.js';
import type { SpladePlan } from './splade-plan.js';
import type { ClientRequest } from './wire-request.js';

/** What `withSplade` needs of a client: both official ones have it. */
export interface OfficialClient {
  child(options: never): unknown;
  readonly transport: object;
}

/** The transports of both clients; the OpenSearch one takes a callback, too. */
type Send = (
  request: ClientRequest,
  options?: unknown,
  callback?: (error: unknown, answer: unknown) => void,
) => unknown;
type TransportClass = new (...given: unknown[]) => { request: Send };

/**
 * The same client, asking and writing by SPLADE: `@elastic/elasticsearch` 8 and 9, `@opensearch-project/opensearch` 2 and 3. Every search of
 * the planned index (`search`, `msearch`, `asyncSearch`, scrolls, the helpers) is translated, every document written to it (`index`, `create`,
 * `update`, `bulk`, the bulk helper) gets its vectors. `count` asks yes or no and stays; so does everything else. The client given is not changed:
 * the answer is a child of it over the same connections, of the same type.
 *
 * The requests themselves are rewritten, where the client hands them to its transport: whichever method made one, new ones included.
 */
export function withSplade<Client extends OfficialClient>(client: Client, splade: SpladePlan): Client {
  const rewrite = rewriterOf(splade);
  const Transport = client.transport.constructor as TransportClass;
  class SpladeTransport extends Transport {
    override request: Send = (request, options, callback) => {
      const send: Send = (...given) => super.request(...given);
      const rewritten = rewrite(request);
      if (!rewritten) return send(request, options, callback);
      const answered = rewritten.then((asked) => send(asked, options));
      if (!callback) return answered;
      answered.then(
        (answer) => callback(null, answer),
        (error) => callback(error, null),
      );
      return undefined;
    };
  }
  return client.child({ Transport: SpladeTransport } as never) as Client;
}

/** A function that rewrites what it handles, and answers `undefined` for what passes through. */
function rewriterOf(splade: SpladePlan): (request: ClientRequest) => Promise<ClientRequest> | undefined {
  const planned = new Set(typeof splade.index === 'string' ? [splade.index] : splade.index);
  const isPlanned = (index: unknown) => {
    const names = Array.isArray(index) ? index : String(index ?? '').split(',');
    return names.every((name) => planned.has(name));
  };
  const searches = new SearchRewriter(splade, isPlanned);
  const writes = new WriteRewriter(splade, isPlanned);
  const document = (request: ClientRequest) => writes.document(request);
  const ofOneIndex: Readonly<Record<string, (request: ClientRequest) => Promise<ClientRequest>>> = {
    _search: (request) => searches.search(request),
    _async_search: (request) => searches.search(request),
    _doc: document,
    _create: document,
    _update: (request) => writes.update(request),
  };
  return (request) => {
    const { endpoint, index } = endpointOf(request.path);
    if (endpoint === '_msearch') return searches.multiSearch(request, index);
    if (endpoint === '_bulk') return writes.bulk(request, index);
    if (!request.body || request.method === 'DELETE' || !isPlanned(index)) return undefined;
    return Object.hasOwn(ofOneIndex, endpoint) ? ofOneIndex[endpoint]!(request) : undefined;
  };
}

/** `/books/_doc/1` is endpoint `_doc` of `books`; what follows `_search` and `_msearch` (`/template`, `/scroll`) makes it another. */
function endpointOf(path: string): { endpoint: string; index?: string } {
  const steps = path.split('/').filter((step) => step !== '');
  const at = steps.findIndex((step) => step.startsWith('_'));
  const index = at === 1 ? decodeURIComponent(steps[0]!) : undefined;
  const named = steps.slice(at);
  return { endpoint: SEARCHES.has(named[0]!) ? named.join('/') : (named[0] ?? ''), index };
}

const SEARCHES = new Set(['_search', '_msearch', '_async_search']);
