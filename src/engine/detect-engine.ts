import { Agent, request } from 'undici';
import { type EngineVersion, engineVersion, UnsupportedEngine } from '../dialect/engine-version.js';
import { messageOf } from '../fault/fault.js';
import { AccessDenied, describeError, EngineUnreachable } from './engine-faults.js';
import { authorizationHeader } from './opensearch-transport.js';
import type { Endpoint } from './transport.js';

const PROBE_TIMEOUT_MS = 10_000;

/**
 * Asks an endpoint what it is. `GET /` tells, and where a build of Elasticsearch answers that with 405 (its root handler is a
 * module that some builds lack), the node's own description and the `x-elastic-product` header do.
 * @throws {EngineUnreachable} | {AccessDenied} | {UnsupportedEngine}
 */
export async function detectEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineVersion> {
  const root = await probe(endpoint, '/', signal);
  const version = (root.body as { version?: { number?: string; distribution?: string } } | undefined)?.version;
  if (version?.number) {
    return engineVersion(version.distribution === 'opensearch' ? 'opensearch' : 'elasticsearch', version.number);
  }
  const local = await probe(endpoint, '/_nodes/_local?filter_path=nodes.*.version', signal);
  const [node] = Object.values(
    (local.body as { nodes?: Record<string, { version: string }> } | undefined)?.nodes ?? {},
  );
  if (node && local.product === 'Elasticsearch') return engineVersion('elasticsearch', node.version);
  throw new UnsupportedEngine(endpoint.nodes[0]!, 'it answers, but neither as Elasticsearch nor as OpenSearch');
}

interface ProbeAnswer {
  readonly body: unknown;
  readonly product: string | undefined;
}

async function probe(endpoint: Endpoint, path: string, signal: AbortSignal | undefined): Promise<ProbeAnswer> {
  const [url] = endpoint.nodes;
  const dispatcher = new Agent({
    connect: { ca: endpoint.certificateAuthority, rejectUnauthorized: !endpoint.insecure, timeout: PROBE_TIMEOUT_MS },
  });
  const authorization = endpoint.credentials && authorizationHeader(endpoint.credentials);
  try {
    const answer = await request(new URL(path, url), {
      dispatcher,
      headers: { accept: 'application/json', ...(authorization && { authorization }) },
      headersTimeout: PROBE_TIMEOUT_MS,
      bodyTimeout: PROBE_TIMEOUT_MS,
      signal,
    });
    const text = await answer.body.text();
    if (answer.statusCode === 401 || answer.statusCode === 403) {
      throw new AccessDenied(url!, answer.statusCode, describeError(parseJson(text) ?? text).reason);
    }
    if (answer.statusCode >= 500) throw new EngineUnreachable(url!, `HTTP ${answer.statusCode}: not ready`);
    return { body: parseJson(text), product: answer.headers['x-elastic-product'] as string | undefined };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AccessDenied || error instanceof EngineUnreachable) throw error;
    throw new EngineUnreachable(url!, messageOf(error), error);
  } finally {
    await dispatcher.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
