import type { WireAnswer, WireRequest } from './engine.js';

/** Who asks. Never logged, never part of a message. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly apiKey: string }
  | { readonly bearer: string };

/** The value of an `Authorization` header. */
export function authorizationHeader(credentials: Credentials): string {
  if ('apiKey' in credentials) return `ApiKey ${credentials.apiKey}`;
  if ('bearer' in credentials) return `Bearer ${credentials.bearer}`;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

/** Where an engine is and how to get in. */
export interface Endpoint {
  /** One or several nodes of one cluster, without credentials. */
  readonly nodes: readonly string[];
  readonly credentials?: Credentials;
  /** PEM of the authority that signed the engine's certificate. */
  readonly certificateAuthority?: string;
  /** Accepts any certificate: for throw-away engines only. */
  readonly insecure?: boolean;
}

/** Both official clients, seen as one function. It resolves for every HTTP status, and throws `EngineUnreachable` where no answer came. */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** How long a request may take unless it says otherwise. */
export const DEFAULT_TIMEOUT_MS = 60_000;
/** How often a repeatable request is sent again, each time to the next node, before it counts as unanswered. */
export const REPEATS = 3;

/** What the error classes of both clients have in common. */
interface ClientError extends Error {
  readonly statusCode?: number;
  readonly meta?: { readonly statusCode?: number | null; readonly body?: unknown };
}

/** The answer inside a client's `ResponseError`, or `undefined` for an error that carries none. */
export function answerInside(error: unknown): WireAnswer | undefined {
  const { name, statusCode, meta } = error as ClientError;
  const status = statusCode ?? meta?.statusCode;
  return name === 'ResponseError' && typeof status === 'number' ? { status, body: meta?.body } : undefined;
}

/** Whether a request may be sent again when no answer came: reads may, writes only where they say so. */
export function isRepeatable(request: WireRequest): boolean {
  return request.repeatable ?? (request.method === 'GET' || request.method === 'HEAD');
}
