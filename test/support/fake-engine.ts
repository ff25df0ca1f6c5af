import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { engineVersion } from '../../src/dialect/engine-version.js';
import { rankFeatures } from '../../src/dialect/rank-features.js';
import { type Access, createGateway, type GatewayOptions } from '../../src/gateway/gateway.js';
import { mappingFor } from '../../src/mapping/index-body.js';
import { toyModel } from './toy-model.js';
import { toyPlan } from './translation-table.js';

/** The plan of the index `planned`. */
export const plan = toyPlan('rank-features');
/** Its mapping. */
export const { mappings } = mappingFor({ dialect: rankFeatures, plan });

/** What the engine was asked, and what it does then. */
export class FakeEngine implements AsyncDisposable {
  readonly asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void = (_request, response) =>
    response.end('{"took":1}');
  /** How often it was asked for a mapping. */
  mappingsAsked = 0;
  /** Answers `GET /NAME/_mapping`, and what else is asked about a name, by default of one planned index. */
  describe: (request: IncomingMessage, response: ServerResponse) => void = (request, response) =>
    request.url === '/planned/_mapping'
      ? response.end(JSON.stringify({ planned: { mappings } }))
      : response.writeHead(404).end('{}');
  private constructor(readonly server: Server) {}

  static async start(): Promise<FakeEngine> {
    const engine: FakeEngine = new FakeEngine(
      createServer(async (request, response) => {
        const pieces: Buffer[] = [];
        try {
          for await (const piece of request) pieces.push(piece as Buffer);
        } catch {
          return;
        }
        if (/\/_mapping$|^\/_alias\/|^\/_data_stream\//.test(request.url!)) {
          engine.mappingsAsked += Number(request.url!.endsWith('/_mapping'));
          return engine.describe(request, response);
        }
        const body = Buffer.concat(pieces).toString();
        engine.asked.push({ method: request.method!, url: request.url!, headers: request.headers, body });
        engine.answer(request, response, body);
      }),
    );
    await new Promise<void>((resolve) => engine.server.listen(0, '127.0.0.1', resolve));
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose]() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A gateway before it, and what its access log says. */
export async function gatewayTo(engine: FakeEngine, options: Partial<GatewayOptions> = {}) {
  const log: Access[] = [];
  const gateway = createGateway({
    upstream: { url: engine.url },
    version: engineVersion('opensearch', '3.8.0'),
    encoder: toyModel(plan),
    onAnswered: (access) => log.push(access),
    ...options,
  });
  const url = await gateway.listen(0);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { url, log, post, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}
