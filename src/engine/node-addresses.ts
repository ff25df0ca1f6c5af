import { Fault } from '../fault/fault.js';
import type { Credentials } from './transport.js';

/** An address that no engine can be at. The message never shows what may be a password. */
export class AddressUnusable extends Fault {
  readonly code = 'ENGINE_ADDRESS_UNUSABLE';
}

/** Where the nodes of a cluster are, and who asks, as a URL said both. */
export interface NodeAddresses {
  /** Without credentials, query and closing slash; a path stays: engines are put behind one by proxies. */
  readonly nodes: readonly string[];
  readonly credentials?: Credentials;
}

/**
 * Takes a list of URLs apart, credentials from addresses. All that name a user must name the same one.
 * @param written URLs separated by commas.
 * @throws {AddressUnusable}
 */
export function nodeAddresses(written: string): NodeAddresses {
  // Only before a scheme: a password may have a comma.
  const urls = written.split(/,(?=\s*[a-z][a-z\d+.-]*:\/\/)/i).map((one) => parse(one.trim()));
  // Each once: the clients refuse a node that is named twice.
  const nodes = [...new Set(urls.map(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '')}`))];
  const named = urls.filter(({ username, password }) => username !== '' || password !== '');
  const [first] = named;
  if (!first) return { nodes };
  if (named.some(({ username, password }) => username !== first.username || password !== first.password)) {
    throw new AddressUnusable({
      asked: `one cluster at ${nodes.join(', ')}`,
      found: 'different users or passwords in its URLs',
      remedy: 'Give one user, in one URL or apart from them',
    });
  }
  return { nodes, credentials: { username: decoded(first.username), password: decoded(first.password) } };
}

function parse(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new AddressUnusable({
    asked: `the engine at ${JSON.stringify(written.replace(/^(.*:\/\/)?.*@/s, '$1…@'))}`,
    found: 'no http or https URL',
    remedy: 'Write it as http://host:port',
  });
}

/** A percent sign that begins no escape stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
