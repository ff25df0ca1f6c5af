import { Fault } from '../fault/fault.js';

/** No answer: nobody listens there, or the connection broke. */
export class EngineUnreachable extends Fault {
  readonly code = 'ENGINE_UNREACHABLE';
  override readonly kind = 'environment';
  constructor(
    readonly url: string,
    found: string,
    cause?: unknown,
  ) {
    super({
      asked: `a search engine at ${url}`,
      found,
      remedy:
        'Check the URL and that the engine is up, or start a throw-away one with `termweave sandbox up opensearch`',
      cause,
    });
  }
}

/** The official client of this engine is not installed: both are optional peers, so that only the one in use need be there. */
export class ClientMissing extends Fault {
  readonly code = 'CLIENT_MISSING';
  override readonly kind = 'environment';
  constructor(
    readonly client: string,
    readonly url: string,
    cause: unknown,
  ) {
    super({
      asked: `speak to the engine at ${url}`,
      found: `its official client, ${client}, is not installed`,
      remedy: `Install it beside termweave: npm install ${client}`,
      cause,
    });
  }
}

/** Wrong credentials, or none (401), or not enough rights (403). */
export class AccessDenied extends Fault {
  readonly code = 'ENGINE_ACCESS_DENIED';
  override readonly kind = 'environment';
  constructor(
    readonly url: string,
    readonly status: number,
    reason: string,
  ) {
    super({
      asked: `access to ${url}`,
      found: `HTTP ${status}: ${reason}`,
      remedy:
        status === 401
          ? 'Set TERMWEAVE_USERNAME and TERMWEAVE_PASSWORD, TERMWEAVE_API_KEY or TERMWEAVE_TOKEN, or name a file with --credentials'
          : 'Give the user the rights named',
    });
  }
}

/** No index or alias of that name. */
export class IndexNotFound extends Fault {
  readonly code = 'INDEX_NOT_FOUND';
  constructor(
    readonly index: string,
    readonly url: string,
  ) {
    super({
      asked: `index ${index} at ${url}`,
      found: 'no index or alias of that name',
      remedy:
        'Check the name; `termweave index FILE --index NAME` makes an index, `termweave reindex SOURCE --to NAME` a copy of one',
    });
  }
}

/** An index of that name is there already. */
export class IndexExists extends Fault {
  readonly code = 'INDEX_EXISTS';
  constructor(readonly index: string) {
    super({
      asked: `create index ${index}`,
      found: 'an index or alias of that name is there',
      remedy: 'Choose another name, or delete that index first',
    });
  }
}

/** A name that stands for several indices where one is needed. */
export class AmbiguousIndex extends Fault {
  readonly code = 'INDEX_AMBIGUOUS';
  constructor(
    readonly index: string,
    readonly indices: readonly string[],
  ) {
    super({
      asked: `one index by the name ${index}`,
      found: `${indices.length} indices: ${indices.join(', ')}`,
      remedy: 'Name one of them',
    });
  }
}

/** The index cannot answer in full: shards are missing, or did not answer in time. */
export class IndexUnavailable extends Fault {
  readonly code = 'INDEX_UNAVAILABLE';
  override readonly kind = 'environment';
  constructor(
    readonly index: string,
    reason: string,
  ) {
    super({
      asked: `a whole answer from index ${index}`,
      found: reason,
      remedy:
        'Look at GET _cluster/health and _cat/shards; a red index has lost shards, and a partial answer would be a wrong one',
    });
  }
}

/** A block is on the index or the cluster: read-only, most often because a disk is full. The credentials are right. */
export class IndexBlocked extends Fault {
  readonly code = 'INDEX_BLOCKED';
  override readonly kind = 'environment';
  constructor(
    readonly index: string,
    readonly reason: string,
  ) {
    super({
      asked: `write to index ${index}`,
      found: reason,
      remedy:
        'Free disk space (GET _cat/allocation), see that index.blocks.* and cluster.blocks.* are gone, and give the same command again',
    });
  }
}

/** The engine understood the request and refused it. */
export class EngineRefused extends Fault {
  readonly code = 'ENGINE_REFUSED';
  override readonly kind = 'environment';
  constructor(
    readonly request: string,
    readonly status: number,
    readonly type: string,
    readonly reason: string,
  ) {
    super({
      asked: request,
      found: `HTTP ${status} ${type}: ${reason}`,
      remedy: "The reason is the engine's own; see its documentation for this request",
    });
  }
}

/** What the body of an error answer says: its type, and the reasons from the outermost to the root cause. */
export function describeError(body: unknown): { type: string; reason: string } {
  const error = (body as { error?: unknown } | undefined)?.error;
  if (typeof error === 'string') return { type: 'error', reason: error };
  if (typeof error !== 'object' || error === null) return { type: 'error', reason: summary(body) };
  return { type: String((error as ErrorCause).type ?? 'error'), reason: chainOfReasons(error as ErrorCause) };
}

/** An error as engines write it. */
export interface ErrorCause {
  readonly type?: string;
  readonly reason?: string;
  readonly caused_by?: ErrorCause;
  readonly root_cause?: readonly ErrorCause[];
  readonly failed_shards?: readonly { readonly reason?: ErrorCause }[];
}

/** All reasons of an error, outermost first: the useful one is often the last. */
export function chainOfReasons(error: ErrorCause): string {
  const reasons: string[] = [];
  const visit = (cause: ErrorCause | undefined) => {
    if (!cause) return;
    if (cause.reason && !reasons.includes(cause.reason)) reasons.push(cause.reason);
    visit(cause.caused_by);
  };
  visit(error);
  visit(error.failed_shards?.[0]?.reason);
  visit(error.root_cause?.[0]);
  return reasons.length > 0 ? reasons.join(': ') : (error.type ?? 'no reason given');
}

function summary(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text || 'an empty answer';
}
