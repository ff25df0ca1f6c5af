import type { IncomingMessage } from 'node:http';
import { RequestRejected } from './explorer-faults.js';

type AskedOf = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/**
 * Lets through only what the page itself sends. A name other than loopback's in `Host` is a rebound DNS name; a foreign `Origin` is another
 * site's script or form; `Sec-Fetch-Site` tells what carries no `Origin`, an image's source among it, and from other ports of loopback, too
 * (`same-site`). A POST must be JSON, which no form can send and no other site without asking first. A link to the page itself may stand anywhere.
 * @param port the port that the server listens on.
 * @throws {RequestRejected}
 */
export function checkRequest(request: AskedOf, port: number): void {
  const { method = '', headers } = request;
  const asked = `${method} from ${headers.origin ?? headers.host ?? 'nowhere'}`;
  if (!['GET', 'HEAD', 'POST'].includes(method))
    throw new RequestRejected(405, asked, 'only GET and POST are answered');
  if (!ownHosts(port).has(headers.host ?? '')) throw new RequestRejected(403, asked, 'a foreign Host');
  if (headers.origin !== undefined && !ownHosts(port).has(headers.origin.replace(/^http:\/\//, '')))
    throw new RequestRejected(403, asked, 'a foreign Origin');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !opensPage(request))
    throw new RequestRejected(403, asked, 'a request from another site');
  if (method === 'POST' && !/^application\/json\b/.test(headers['content-type'] ?? ''))
    throw new RequestRejected(415, asked, 'a body that is not application/json');
}

function opensPage({ method, url, headers }: AskedOf): boolean {
  return method === 'GET' && url === '/' && headers['sec-fetch-dest'] === 'document';
}

function ownHosts(port: number): ReadonlySet<string> {
  return new Set(['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`));
}
