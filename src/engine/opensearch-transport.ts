import { Client, type ClientOptions, Serializer } from '@opensearch-project/opensearch';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { messageOf } from '../fault/fault.js';
import type { WireAnswer, WireRequest } from './engine.js';
import { EngineUnreachable } from './engine-faults.js';
import {
  answerInside,
  authorizationHeader,
  DEFAULT_TIMEOUT_MS,
  type Endpoint,
  isRepeatable,
  REPEATS,
  type Transport,
} from './transport.js';

/** The official OpenSearch client as a {@link Transport}. */
export function openSearchTransport(endpoint: Endpoint): Transport {
  const client = new Client(clientOptions(endpoint));
  return {
    send: (request) => send(client, endpoint.nodes[0]!, request),
    close: () => client.close(),
  };
}

function clientOptions({ nodes, credentials, certificateAuthority, insecure }: Endpoint): ClientOptions {
  const basic = credentials && 'username' in credentials ? credentials : undefined;
  return {
    nodes: [...nodes],
    auth: basic,
    headers: credentials && !basic ? { authorization: authorizationHeader(credentials) } : undefined,
    ssl: { ca: certificateAuthority, rejectUnauthorized: !insecure },
    requestTimeout: DEFAULT_TIMEOUT_MS,
    // A token may be spelled `__proto__`: documents are data here, never merged into objects.
    disablePrototypePoisoningProtection: true,
    Serializer: ExactSerializer,
  };
}

class ExactSerializer extends Serializer {
  override serialize(body: unknown): string {
    return exactJson(body);
  }

  override deserialize(json: string): Record<string, unknown> {
    return parseExactJson(json) as Record<string, unknown>;
  }
}

async function send(client: Client, url: string, request: WireRequest): Promise<WireAnswer> {
  const { method, path, query, body, lines, signal, timeoutMs } = request;
  // A listener is not called for a signal that is aborted already.
  signal?.throwIfAborted();
  const maxRetries = isRepeatable(request) ? REPEATS : 0;
  const sent = client.transport.request(
    { method, path, querystring: query, body: body as Record<string, unknown> | undefined, bulkBody: lines as never },
    { requestTimeout: timeoutMs, maxRetries },
  );
  // Nothing is returned: Node would take what abort() gives for a promise of the listener's, and end the process when it is rejected.
  const abort = () => {
    sent.abort?.();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = await sent;
    return { status: answer.statusCode ?? 0, body: answer.body };
  } catch (error) {
    signal?.throwIfAborted();
    const answer = answerInside(error);
    if (answer) return answer;
    throw new EngineUnreachable(url, messageOf(error), error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
