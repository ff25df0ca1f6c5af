import { ClusterEngine } from './cluster-engine.js';
import { detectEngine } from './detect-engine.js';
import type { Engine } from './engine.js';
import { MemoryEngine } from './memory/memory-engine.js';
import { nodeAddresses } from './node-addresses.js';
import { openTransport } from './open-transport.js';
import type { Endpoint } from './transport.js';

/** How to reach an engine; see {@link Endpoint} for the rest. */
export interface ConnectOptions extends Omit<Endpoint, 'nodes'> {
  readonly signal?: AbortSignal;
}

/**
 * Connects to a running engine. Flavour and version are detected, not configured.
 * @param url `http://host:port` of a node, several separated by commas, or `memory:` for the engine inside this process. A user
 *   and password in it count where `options.credentials` is absent.
 * @throws {AddressUnusable} for what is no URL, {EngineUnreachable} where nobody answers, {AccessDenied} for wrong credentials, {UnsupportedEngine} for anything else,
 *   {ClientMissing} where the official client of that engine is not installed: both are optional peers.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Engine> {
  if (url === 'memory:') return new MemoryEngine();
  const { signal, ...access } = options;
  const { nodes, credentials } = nodeAddresses(url);
  const endpoint: Endpoint = { ...access, nodes, credentials: access.credentials ?? credentials };
  const version = await detectEngine(endpoint, signal);
  return new ClusterEngine(endpoint.nodes[0]!, version, await openTransport(version.flavour, endpoint));
}
