import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { answerFault } from './answer-faults.js';
import { bearerCheck } from './bearer-token.js';
import { GentleServer, type TlsPair } from './gentle-server.js';
import { addEmbedSparseRoute } from './routes/embed-sparse-route.js';
import { addEncodeRoute } from './routes/encode-route.js';
import { addStateRoutes } from './routes/state-routes.js';
import { addTokenizeRoute } from './routes/tokenize-route.js';
import { type OfferedModel, ServedModel, ServedModels } from './served-model.js';
import { RequestRefused } from './service-faults.js';
import { DEFAULT_LIMITS, type ServiceLimits } from './service-limits.js';
import { ServiceMetrics } from './service-metrics.js';

export interface EncodeServiceOptions {
  /** The models that are served; the first answers where none is named. */
  readonly models: readonly [OfferedModel, ...OfferedModel[]];
  readonly limits?: Partial<ServiceLimits>;
  /** Asked of every request for vectors, as `Authorization: Bearer TOKEN`. */
  readonly token?: string;
  /** PEM texts; with them the service speaks TLS. */
  readonly tls?: TlsPair;
  /** What `/info` says; this package's version by default in `termweave serve`. */
  readonly version?: string;
}

/** An encoder over HTTP. Closing it waits for the answers that are owed, up to their deadline; the encoders stay the caller's. */
export interface EncodeService extends AsyncDisposable {
  /** To mount it in a server of one's own. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Listens on one address; `port` 0 takes a free one. Default host: loopback. Returns the URL. */
  listen(port: number, host?: string): Promise<string>;
}

const PUBLIC_ROUTES = new Set(['/health', '/ping', '/', '/metrics']);

/** How proxies count a request whose client did not wait for the answer; it is never sent. */
const CLIENT_LEFT = 499;

/** Node's timers take no more (24 days), and fire at once instead. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const METHODS = new Set(['GET', 'HEAD', 'POST']);

/**
 * The encode service: `/encode` for engines' own pipelines, `/embed_sparse`, `/tokenize`, `/info` and `/health` as in
 * text-embeddings-inference, `/metrics` for Prometheus, `/openapi.json`. Requests are bounded by {@link ServiceLimits} in size, number and time.
 */
export async function createEncodeService(options: EncodeServiceOptions): Promise<EncodeService> {
  const given = { ...DEFAULT_LIMITS, ...options.limits };
  const limits = { ...given, deadlineMs: Math.min(given.deadlineMs, LONGEST_TIMER_MS) };
  const metrics = new ServiceMetrics();
  const models = servedModels(options.models, limits, metrics);
  const { app, server } = createApp(limits, options.tls);
  addGuards(app, metrics, options.token);
  const context = { models, limits, metrics, version: options.version ?? '0' };
  for (const add of [addEncodeRoute, addEmbedSparseRoute, addTokenizeRoute, addStateRoutes]) add(app, context);
  await app.ready();
  return {
    handler: (request, response) => app.routing(request, response),
    listen: async (port, host = '127.0.0.1') => {
      const url = await app.listen({ port, host });
      // Of a server that others have made, the framework does not know what it speaks.
      return options.tls ? url.replace(/^http:/, 'https:') : url;
    },
    [Symbol.asyncDispose]: async () => {
      await server.end(limits.deadlineMs);
      await app.close();
    },
  };
}

function servedModels(offered: EncodeServiceOptions['models'], { queue }: ServiceLimits, metrics: ServiceMetrics) {
  const served = offered.map((model) => new ServedModel(model, queue, metrics)) as [ServedModel, ...ServedModel[]];
  for (const model of served) metrics.watchQueue(model.offered.name, () => model.admission.inside);
  return new ServedModels(served);
}

/** Longer than load balancers keep a connection (a minute, as a rule), so that none sends a request on one that is just closed here. */
const KEPT_ALIVE_MS = 72_000;

function createApp({ bodyBytes, arrivalMs, deadlineMs, connections }: ServiceLimits, tls: TlsPair | undefined) {
  const timing = {
    headersTimeout: arrivalMs,
    requestTimeout: arrivalMs,
    keepAliveTimeout: KEPT_ALIVE_MS,
    connectionsCheckingInterval: 1_000,
  };
  let server!: GentleServer;
  const app = Fastify({
    bodyLimit: bodyBytes,
    // Of a URL that is none, which comes to no route.
    frameworkErrors: (thrown, _request, reply) => void answerFault(thrown, reply),
    // Members of any name may come along and are not read; these two must not get into an object either.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    serverFactory: (handler) => {
      server = new GentleServer(handler, timing, tls);
      server.server.maxConnections = connections;
      // Nothing goes either way while vectors are made. What is still so later is an answer that nobody reads.
      server.server.setTimeout(deadlineMs + arrivalMs);
      return server.server;
    },
  });
  app.addHook('onRequest', async (_request, { raw }) => server.owe(raw));
  return { app, server };
}

function addGuards(app: FastifyInstance, metrics: ServiceMetrics, token: string | undefined): void {
  const isAllowed = token === undefined ? () => true : bearerCheck(token);
  const count = (request: FastifyRequest, reply: FastifyReply, status: number) =>
    metrics.countAnswer(request.routeOptions.url ?? 'none', status, reply.elapsedTime / 1000);
  // Node calls an answer finished too that lost its connection half way.
  app.addHook('onResponse', async (request, reply) => {
    count(request, reply, request.raw.socket.destroyed ? CLIENT_LEFT : reply.statusCode);
  });
  // Nor is the hook above told of a client that left before its answer began, and those are what a full queue shows first.
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) count(request, reply, CLIENT_LEFT);
    });
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!METHODS.has(request.method)) throw notRouted(app, request, reply);
    const isPublic = request.method !== 'POST' && PUBLIC_ROUTES.has(request.routeOptions.url ?? '');
    if (isPublic || isAllowed(request.headers.authorization)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new RequestRefused('Validation', 'no token, or a wrong one', 'Send Authorization: Bearer TOKEN', 401);
  });
  app.addHook('preParsing', async (request) => {
    if (request.method === 'POST') mustBePlainJson(request);
  });
  app.setErrorHandler((thrown, _request, reply) => answerFault(thrown, reply));
  app.setNotFoundHandler((request, reply) => answerFault(notRouted(app, request, reply), reply));
}

/** @throws {RequestRefused} for a body of another kind. */
function mustBePlainJson({ headers }: FastifyRequest): void {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  const refuse = (found: string, remedy: string) => new RequestRefused('Validation', found, remedy, 415);
  if (!/^application\/json *(;|$)/i.test(type ?? ''))
    throw refuse(type ? `a body of type ${type}` : 'a body of no type', 'Send content-type: application/json');
  if (encoding !== 'identity') throw refuse(`a body in content-encoding ${encoding}`, 'Send it as it is');
}

/** 404 for a path that is not served, 405 and what is allowed for one that is. */
function notRouted(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): RequestRefused {
  const path = request.url.split('?')[0]!;
  const allowed = (['GET', 'HEAD', 'POST'] as const).filter((method) => app.hasRoute({ method, url: path }));
  if (allowed.length > 0) reply.header('allow', allowed.join(', '));
  const status = allowed.length > 0 ? 405 : 404;
  return new RequestRefused('Validation', `${request.method} ${path}`, 'See /openapi.json', status);
}
