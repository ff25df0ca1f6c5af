import { Agent, request } from 'undici';
import { type EngineVersion, engineVersion, mustBeSupported, UnsupportedEngine } from '../dialect/engine-version.js';
import { messageOf } from '../fault/fault.js';
import { AccessDenied, describeError, EngineUnreachable } from './engine-faults.js';
import { authorizationHeader, type Endpoint } from './transport.js';

/** Source: org.opensearch.action.main.MainResponse. */
const OPENSEARCH_TAGLINE = 'The OpenSearch Project';
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Asks an endpoint what it is. `GET /` tells, and where a build of Elasticsearch answers that with 405 (its root handler is a
 * module that some builds lack), the node's own description and the `x-elastic-product` header do.
 * An OpenSearch with `compatibility.override_main_response_version` says 7.10.2 and no distribution; its tagline stays, and its nodes know
 * their version.
 * @throws {EngineUnreachable} | {AccessDenied} | {UnsupportedEngine}
 */
export async function detectEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineVersion> {
  const { url, answer: root } = await firstAnswer(endpoint, signal);
  const { version, tagline = '' } = (root.body ?? {}) as RootBody;
  if (version?.distribution === 'opensearch') return supported(engineVersion('opensearch', version.number));
  const isDisguised = tagline.startsWith(OPENSEARCH_TAGLINE);
  if (version?.number && !isDisguised) return supported(engineVersion('elasticsearch', version.number));
  const local = await probe(url, endpoint, '/_nodes/_local?filter_path=nodes.*.version', signal);
  const [node] = Object.values(
    (local.body as { nodes?: Record<string, { version: string }> } | undefined)?.nodes ?? {},
  );
  if (node && isDisguised) return supported(engineVersion('opensearch', node.version));
  if (node && local.product === 'Elasticsearch') return supported(engineVersion('elasticsearch', node.version));
  throw new UnsupportedEngine(url, 'it answers, but neither as Elasticsearch nor as OpenSearch');
}

interface RootBody {
  readonly version?: { readonly number: string; readonly distribution?: string };
  readonly tagline?: string;
}

/** The answer to `GET /` of the first node that gives one: the others are asked only while nobody answers. */
async function firstAnswer(endpoint: Endpoint, signal: AbortSignal | undefined) {
  const silent: EngineUnreachable[] = [];
  for (const url of endpoint.nodes) {
    try {
      return { url, answer: await probe(url, endpoint, '/', signal) };
    } catch (error) {
      if (!(error instanceof EngineUnreachable)) throw error;
      silent.push(error);
    }
  }
  if (silent.length === 1) throw silent[0]!;
  throw new EngineUnreachable(
    endpoint.nodes.join(', '),
    silent.map(({ url, found }) => `${url}: ${found}`).join('; '),
    silent[0],
  );
}

function supported(version: EngineVersion): EngineVersion {
  mustBeSupported(version);
  return version;
}

interface ProbeAnswer {
  readonly body: unknown;
  readonly product: string | undefined;
}

async function probe(
  url: string,
  endpoint: Endpoint,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ProbeAnswer> {
  const dispatcher = new Agent({
    connect: { ca: endpoint.certificateAuthority, rejectUnauthorized: !endpoint.insecure, timeout: PROBE_TIMEOUT_MS },
  });
  const authorization = endpoint.credentials && authorizationHeader(endpoint.credentials);
  try {
    const answer = await request(`${url}${path}`, {
      dispatcher,
      headers: { accept: 'application/json', ...(authorization && { authorization }) },
      headersTimeout: PROBE_TIMEOUT_MS,
      bodyTimeout: PROBE_TIMEOUT_MS,
      signal,
    });
    const text = await answer.body.text();
    if (answer.statusCode === 401 || answer.statusCode === 403) {
      throw new AccessDenied(url, answer.statusCode, describeError(parseJson(text) ?? text).reason);
    }
    if (answer.statusCode >= 500) throw new EngineUnreachable(url, `HTTP ${answer.statusCode}: not ready`);
    return { body: parseJson(text), product: answer.headers['x-elastic-product'] as string | undefined };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AccessDenied || error instanceof EngineUnreachable) throw error;
    throw new EngineUnreachable(url, messageOf(error), error);
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
