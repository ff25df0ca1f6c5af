import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context as tracing } from '@opentelemetry/api';
import type { EngineVersion } from '../dialect/engine-version.js';
import type { Encoder } from '../encoder/encoder.js';
import { Fault } from '../fault/fault.js';
import { QueryVectors } from '../query/query-vectors.js';
import type { Fusion } from '../query/strategies/fusion.js';
import { Admission } from '../service/admission.js';
import { GentleServer, type TlsPair } from '../service/gentle-server.js';
import { ServiceOverloaded } from '../service/service-faults.js';
import type { Pruning } from '../sparse/pruning.js';
import { type EngineRoute, engineRouteOf } from './engine-route.js';
import { Exchange, MODES, type Mode } from './exchange.js';
import { DEFAULT_LIMITS, type GatewayContext, type GatewayLimits } from './gateway-context.js';
import { EncoderFailed, errorBody, RequestNotHandedOn, UpstreamFailed } from './gateway-faults.js';
import { PlanCache } from './plan-cache.js';
import type { PlanOverrides } from './plan-overrides.js';
import { PointsInTime, pointInTimeOpened } from './points-in-time.js';
import { endToEnd } from './raw-headers.js';
import { isReadable } from './request-body.js';
import { traced, tracedExchange } from './tracing.js';
import { translateSearch } from './translate-search.js';
import { Upstream, type UpstreamOptions } from './upstream.js';
import { writeBulk, writeDocument } from './write-documents.js';

export interface GatewayOptions {
  /** The engine: requests go there and nowhere else. */
  readonly upstream: Omit<UpstreamOptions, 'timeoutMs'>;
  /** What speaks there: `connect(url)` tells. */
  readonly version: EngineVersion;
  /** Of the model of the indices' plans; an index of another model is searched by words and not written to. Stays the caller's. */
  readonly encoder: Pick<Encoder, 'encode' | 'vocabulary' | 'identity'>;
  /** How searches are asked where the header `x-termweave` says nothing. Default `replace`. */
  readonly mode?: Mode;
  /** Of searches' vectors. Default none. */
  readonly pruning?: Pruning;
  /** How `hybrid` joins its two lists. Default by reciprocal ranks. */
  readonly fusion?: Fusion;
  /** How many documents `rescore` reorders. Default 100. */
  readonly window?: number;
  readonly onEncoderFailure?: 'lexical' | 'refuse';
  readonly limits?: Partial<GatewayLimits>;
  /** How long a plan is believed, in milliseconds. Default a minute. */
  readonly refreshMs?: number;
  /** The clock that plans age by, in milliseconds. */
  readonly now?: () => number;
  /** Plans that go before those of the mappings. */
  readonly plans?: PlanOverrides;
  /** PEM texts; with them the gateway speaks TLS. */
  readonly tls?: TlsPair;
  /** Told of every answer. It holds no texts and no credentials. */
  readonly onAnswered?: (access: Access) => void;
}

/** A line of the access log. */
export interface Access {
  readonly method: string;
  /** Without its query string, which may hold texts. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly applied: string;
  readonly reason?: string;
}

/** A proxy that speaks the engine's own protocol. Closing it waits for the answers that are owed, {@link GatewayLimits.upstreamMs} at most. */
export interface Gateway extends AsyncDisposable {
  /** To mount it in a server of one's own. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Listens; `port` 0 takes a free one. Default host: loopback. Returns the URL. */
  listen(port: number, host?: string): Promise<string>;
}

const HEALTH = '/_termweave/health';
const MINUTE_MS = 60_000;

/**
 * A reverse proxy of one engine: searches on indices that have a plan are translated, documents written to them get their vectors, everything
 * else passes byte for byte. The header `x-termweave` (`off`, `replace`, `add`, `rescore`, `hybrid`) controls a request; `x-termweave-applied` says what was done.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const upstream = new Upstream({ ...options.upstream, timeoutMs: limits.upstreamMs });
  const context = contextOf(options, limits, upstream);
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    server.owe(response);
    const exchange = new Exchange(request, response);
    exchange.onClosed(() => options.onAnswered?.(accessOf(exchange)));
    const handled = tracing.with(tracedExchange(exchange), () => answer(exchange, context));
    void handled.catch((thrown) => fail(exchange, thrown));
  };
  const timing = { headersTimeout: limits.headersMs, requestTimeout: 0, connectionsCheckingInterval: 1_000 };
  const server = new GentleServer(handler, timing, options.tls);
  return {
    handler,
    listen: (port, host = '127.0.0.1') => listen(server.server, port, host, options.tls ? 'https' : 'http'),
    async [Symbol.asyncDispose]() {
      await server.end(limits.upstreamMs);
      upstream[Symbol.dispose]();
    },
  };
}

function contextOf(options: GatewayOptions, limits: GatewayLimits, upstream: Upstream): GatewayContext {
  const { version, mode = 'replace', onEncoderFailure = 'lexical', refreshMs = MINUTE_MS } = options;
  const encoder = tellingFailures(options.encoder);
  const queryVectors = new QueryVectors(async (texts, signal) => {
    const encoded = await encoder.encode(texts, { as: 'query', signal });
    return encoded.map(({ vector }) => vector);
  });
  const plans = new PlanCache({ version, encoder, refreshMs, overrides: options.plans, now: options.now });
  const admission = new Admission({ texts: limits.concurrent });
  const points = new PointsInTime();
  const { pruning, fusion, window } = options;
  const shared = { encoder, queryVectors, pruning };
  return { upstream, plans, points, shared, limits, admission, mode, settings: { fusion, window }, onEncoderFailure };
}

/** The encoder, its failures told from those of whoever reads a body. */
function tellingFailures(encoder: GatewayOptions['encoder']): GatewayOptions['encoder'] {
  return {
    vocabulary: encoder.vocabulary,
    identity: encoder.identity,
    encode: (texts, asked) =>
      traced('termweave encode', { 'termweave.texts': texts.length }, () => encoder.encode(texts, asked)).catch(
        (cause) => Promise.reject(new EncoderFailed(cause)),
      ),
  };
}

async function answer(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { request, url, method } = exchange;
  // An absolute URL would ask for another host: this is no open proxy.
  if (!url.startsWith('/')) throw new RequestNotHandedOn(400, 'a request for another host', 'Ask by path');
  if (url === HEALTH) return exchange.finish(200, '{"status":"ready"}');
  const mode = modeOf(request, context.mode);
  const route = mode === 'off' || !exchange.hasBody ? undefined : engineRouteOf(method, url);
  if (!route) return pass(exchange, context);
  if (!isReadable(request)) {
    exchange.applied.reason = 'content-type';
    return pass(exchange, context);
  }
  return changed(exchange, route, mode, context);
}

function changed(exchange: Exchange, route: EngineRoute, mode: Mode, context: GatewayContext): Promise<void> {
  if (route.kind === 'bulk') return writeBulk(exchange, route, context);
  return route.kind === 'document'
    ? writeDocument(exchange, route, context)
    : translateSearch(exchange, route, mode, context);
}

async function pass(exchange: Exchange, { upstream, points }: GatewayContext): Promise<void> {
  const { method, url: path, request, signal, hasBody } = exchange;
  const body = hasBody ? request : undefined;
  const opened = pointInTimeOpened(method, path);
  // Its id is read on the way, so it must come as it is.
  const headers = endToEnd(exchange.headers(), opened === undefined ? [] : ['accept-encoding']);
  const answer = await upstream.send({ method, path, headers, body, signal });
  await exchange.relay(answer, opened === undefined ? undefined : points.learning(opened));
}

/** @throws {RequestNotHandedOn} for a header that says nothing known. */
function modeOf({ headers }: IncomingMessage, otherwise: Mode): Mode {
  const asked = headers['x-termweave'];
  if (asked === undefined) return otherwise;
  const mode = MODES.find((known) => known === asked);
  if (mode) return mode;
  throw new RequestNotHandedOn(400, `x-termweave: ${String(asked)}`, `Say one of ${MODES.join(', ')}`);
}

/** Ends an exchange that failed, whatever happens: one that cannot be answered is broken off, and the others go on. */
function fail(exchange: Exchange, thrown: unknown): void {
  try {
    answerFailure(exchange, thrown);
  } catch {
    exchange.response.destroy();
  }
}

function answerFailure(exchange: Exchange, thrown: unknown): void {
  const { response, request } = exchange;
  // An answer that has begun cannot be taken back: breaking it off is the only way to say that it is not whole.
  if (response.headersSent) return void response.destroy();
  if (exchange.signal.aborted) return;
  const { status, type, reason, retryAfterS } = describe(thrown);
  // A body that is not read to its end would be taken for the next request.
  if (!request.complete) response.shouldKeepAlive = false;
  const headers = ['content-type', 'application/json'];
  if (retryAfterS !== undefined) headers.push('retry-after', String(retryAfterS));
  exchange.finish(status, errorBody(type, reason, status), headers);
}

function describe(thrown: unknown): { status: number; type: string; reason: string; retryAfterS?: number } {
  const reason = thrown instanceof Fault ? `${thrown.found}. ${thrown.remedy}` : 'a defect of the gateway';
  const type = thrown instanceof Fault ? thrown.code.toLowerCase() : 'gateway_defect';
  if (thrown instanceof RequestNotHandedOn || thrown instanceof UpstreamFailed)
    return { status: thrown.status, type, reason };
  if (thrown instanceof ServiceOverloaded) return { status: 429, type, reason, retryAfterS: thrown.retryAfterS };
  return { status: 500, type, reason };
}

function accessOf({ method, url, response, started, applied }: Exchange): Access {
  return {
    method,
    path: url.split('?')[0]!,
    status: response.statusCode,
    milliseconds: Math.round(performance.now() - started),
    applied: applied.what,
    reason: applied.reason,
  };
}

async function listen(server: Server, port: number, host: string, scheme: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
}
