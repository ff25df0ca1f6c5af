import { SearchRewriter } from './rewrite-searches.js';
import { WriteRewriter } from './rewrite-writes.js';
import type { SpladePlan } from './splade-plan.js';
import type { ClientRequest, Send } from './wire-request.js';

/** What `withSplade` needs of a client: both official ones have it. */
export interface OfficialClient {
  child(options: never): unknown;
  readonly transport: object;
}

/** How the transports of both clients are called; the OpenSearch one takes a callback, too. */
type Request = (
  request: ClientRequest,
  options?: unknown,
  callback?: (error: unknown, answer: unknown) => void,
) => unknown;
type TransportClass = new (...given: unknown[]) => { request: Request };

/**
 * The same client, asking and writing by SPLADE: `@elastic/elasticsearch` 8 and 9, `@opensearch-project/opensearch` 2 and 3. Every search of
 * the planned index (`search`, `msearch`, `asyncSearch`, scrolls, the helpers) is translated, every document written to it (`index`, `create`,
 * `update`, `bulk`, the bulk helper) gets its vectors. `count` asks yes or no and stays; so does everything else. The client given is not changed:
 * the answer is a child of it over the same connections, of the same type.
 *
 * The requests themselves are rewritten, where the client hands them to its transport: whichever method made one, new ones included.
 */
export function withSplade<Client extends OfficialClient>(client: Client, splade: SpladePlan): Client {
  const handle = handlerOf(splade);
  const Transport = client.transport.constructor as TransportClass;
  class SpladeTransport extends Transport {
    override request: Request = (request, options, callback) => {
      const send: Send = async (asked) => super.request(asked, options);
      const answered = handle(request, send);
      if (!answered) return super.request(request, options, callback);
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

/** Asks or writes by SPLADE what it handles; answers `undefined` for what passes through. */
type Handle = (request: ClientRequest, send: Send) => Promise<unknown> | undefined;

function handlerOf(splade: SpladePlan): Handle {
  const planned = new Set(typeof splade.index === 'string' ? [splade.index] : splade.index);
  const isPlanned = (index: unknown) => {
    const names = Array.isArray(index) ? index : String(index ?? '').split(',');
    return names.every((name) => planned.has(name));
  };
  const searches = new SearchRewriter(splade, isPlanned);
  const writes = new WriteRewriter(splade, isPlanned);
  const search: Handle = (request, send) => searches.search(request, send);
  const document: Handle = async (request, send) => send(await writes.document(request));
  const update: Handle = async (request, send) => send(await writes.update(request));
  const ofOneIndex: Readonly<Record<string, Handle>> = {
    ...{ _search: search, _async_search: search },
    ...{ _doc: document, _create: document, _update: update },
  };
  const bulk = async (request: ClientRequest, index: string | undefined, send: Send) =>
    send(await writes.bulk(request, index));
  return (request, send) => {
    const { endpoint, index } = endpointOf(request.path);
    if (endpoint === '_msearch') return searches.multiSearch(request, index, send);
    if (endpoint === '_bulk') return bulk(request, index, send);
    if (!request.body || request.method === 'DELETE' || !isPlanned(index)) return undefined;
    return Object.hasOwn(ofOneIndex, endpoint) ? ofOneIndex[endpoint]!(request, send) : undefined;
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
