import type { Flavour } from '../dialect/engine-version.js';
import { isMissingPackage } from '../fault/is-missing-package.js';
import { ClientMissing } from './engine-faults.js';
import type { Endpoint, Transport } from './transport.js';

interface OfficialClient {
  readonly package: string;
  /** Loaded when it is needed, for an application may have only one of the two. */
  readonly load: () => Promise<(endpoint: Endpoint) => Transport>;
}

const OPENSEARCH: OfficialClient = {
  package: '@opensearch-project/opensearch',
  load: async () => (await import('./opensearch-transport.js')).openSearchTransport,
};

const ELASTICSEARCH: OfficialClient = {
  package: '@elastic/elasticsearch',
  load: async () => (await import('./elasticsearch-transport.js')).elasticsearchTransport,
};

/** A transport over the official client of an engine. @throws {ClientMissing} where it is not installed. */
export async function openTransport(flavour: Flavour, endpoint: Endpoint): Promise<Transport> {
  const client = flavour === 'opensearch' ? OPENSEARCH : ELASTICSEARCH;
  try {
    const transportOf = await client.load();
    return transportOf(endpoint);
  } catch (thrown) {
    if (!isMissingPackage(thrown, client.package)) throw thrown;
    throw new ClientMissing(client.package, endpoint.nodes[0]!, thrown);
  }
}
