import { Client, type ClientOptions, Serializer } from '@elastic/elasticsearch';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { messageOf } from '../fault/fault.js';
import type { WireAnswer, WireRequest } from './engine.js';
import { EngineUnreachable } from './engine-faults.js';
import { answerInside, DEFAULT_TIMEOUT_MS, type Endpoint, isRepeatable, REPEATS, type Transport } from './transport.js';

/** The official Elasticsearch client as a {@link Transport}. Its version 8 speaks to Elasticsearch 7.17, 8 and 9. */
export function elasticsearchTransport(endpoint: Endpoint): Transport {
  const client = new Client(clientOptions(endpoint));
  return {
    send: (request) => send(client, endpoint.nodes[0]!, request),
    close: () => client.close(),
  };
}

function clientOptions({ nodes, credentials, certificateAuthority, insecure }: Endpoint): ClientOptions {
  return {
    nodes: [...nodes],
    auth: credentials,
    tls: { ca: certificateAuthority, rejectUnauthorized: !insecure },
    requestTimeout: DEFAULT_TIMEOUT_MS,
    // A token may be spelled `__proto__`: documents are data here, never merged into objects.
    enableMetaHeader: false,
    disablePrototypePoisoningProtection: true,
    Serializer: ExactSerializer,
  };
}

class ExactSerializer extends Serializer {
  override serialize(body: unknown): string {
    return exactJson(body);
  }

  override deserialize<T = unknown>(json: string): T {
    return parseExactJson(json) as T;
  }
}

async function send(client: Client, url: string, request: WireRequest): Promise<WireAnswer> {
  const { method, path, query, body, lines, signal, timeoutMs } = request;
  try {
    const answer = await client.transport.request(
      { method, path, querystring: query, body: body as object | undefined, bulkBody: lines },
      { signal, requestTimeout: timeoutMs, maxRetries: isRepeatable(request) ? REPEATS : 0, meta: true },
    );
    return { status: answer.statusCode ?? 0, body: answer.body };
  } catch (error) {
    signal?.throwIfAborted();
    const answer = answerInside(error);
    if (answer) return answer;
    throw new EngineUnreachable(url, messageOf(error), error);
  }
}
