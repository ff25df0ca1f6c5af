import type { Exchange } from './exchange.js';
import { endToEnd } from './raw-headers.js';
import { wholeOf } from './read-answer.js';
import type { Upstream } from './upstream.js';

/** What the engine answers to a request of the gateway's own. */
interface OwnAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks the engine. @throws {UpstreamFailed} */
export type Ask = (method: 'GET' | 'POST', path: string, body?: string) => Promise<OwnAnswer>;

/** Of the client's body and answer, not of its rights. */
const OF_ITS_OWN = ['accept', 'accept-encoding', 'content-type'];

/** Requests of the gateway's own, with the credentials of an exchange, whatever headers they are in. @param signal by default ends them when the client leaves. */
export function ownRequests(upstream: Upstream, exchange: Exchange, signal = exchange.signal): Ask {
  const own = endToEnd(exchange.headers({ rewritten: true }), OF_ITS_OWN);
  return async (method, path, body) => {
    const type = body === undefined ? [] : ['content-type', 'application/json'];
    const headers = ['accept', 'application/json', ...type, ...own];
    const answer = await upstream.send({ method, path, headers, body, signal });
    return { status: answer.statusCode!, body: (await wholeOf(answer)).toString() };
  };
}
