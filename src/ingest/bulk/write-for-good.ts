import { bulkBytes } from '../../engine/bulk-format.js';
import type { Engine, Outcome, RequestOptions, Write } from '../../engine/engine.js';
import {
  AccessDenied,
  EngineRefused,
  EngineUnreachable,
  IndexBlocked,
  IndexNotFound,
  IndexUnavailable,
} from '../../engine/engine-faults.js';
import { EngineStaysBusy } from '../ingest-faults.js';
import { traced } from '../telemetry/traced.js';
import { Backoff, type RetryPolicy } from './backoff.js';
import type { BulkPace } from './bulk-pace.js';
import { ItemFailures, isFailure } from './item-failures.js';
import { isBusy } from './until-answered.js';

export interface WriteOptions extends RequestOptions {
  readonly retry: RetryPolicy;
  /** How large requests are, and how many at once; without it, one request for all. */
  readonly pace?: BulkPace;
  /**
   * Whether a write at which the engine itself fails (500, in an answer that is otherwise one) may be refused for good before patience ends: see
   * {@link ItemFailures}. For documents, which have dead letters; what must be written or deleted is waited for.
   */
  readonly givesUp?: boolean;
  /** Called for each repetition, with the number of writes that are sent again. */
  readonly onRetry?: (writes: number, reason: string) => void;
}

type Refused = Outcome & { ok: false };

/**
 * Writes until each write is done or refused for good. Only those that the engine could not take at the moment (429, 503, other 5xx,
 * no answer) are sent again, with growing waits; ids are explicit, so a write whose answer was lost changes nothing the second time.
 * @returns the outcomes in the order of the writes.
 * @throws {IndexBlocked} {AccessDenied} {IndexNotFound} {EngineRefused} at once where it is the index that takes no writes, whatever they are;
 *   {EngineStaysBusy} when nothing moves for the policy's patience.
 */
export async function writeForGood(
  engine: Engine,
  index: string,
  writes: readonly Write[],
  options: WriteOptions,
): Promise<Outcome[]> {
  const { signal, retry, givesUp, onRetry } = options;
  const outcomes = new Array<Outcome>(writes.length);
  const failures = new ItemFailures(writes.length, retry);
  const backoff = new Backoff(retry);
  let open = [...writes.keys()];
  // What comes the first time has been sized by the caller.
  let parts: Iterable<number[]> = [open];
  while (true) {
    for (const part of parts) {
      const answered = await send(
        engine,
        index,
        part.map((position) => writes[position]!),
        options,
      );
      answered.forEach((outcome, i) => {
        mustBeAboutItself(engine, index, outcome);
        outcomes[part[i]!] = outcome;
        failures.note(part[i]!, outcome);
      });
    }
    const again = open.filter((at) => isForNow(outcomes[at]!) && !(givesUp && failures.isLasting(at)));
    if (again.length === 0) return outcomes;
    const { reason, type } = outcomes[again[0]!] as Refused;
    if (again.length < open.length) backoff.reset();
    if (backoff.exhausted) throw new EngineStaysBusy(index, retry.patienceMs / 1000, `${type}: ${reason}`);
    onRetry?.(again.length, `${type}: ${reason}`);
    await backoff.wait(`${type}: ${reason}`, signal);
    open = again;
    parts = inParts(open, writes, options.pace);
  }
}

/** The positions of writes in parts of the pace's size. */
function* inParts(open: readonly number[], writes: readonly Write[], pace: BulkPace | undefined): Generator<number[]> {
  if (!pace) return yield [...open];
  let part: number[] = [];
  let bytes = 0;
  for (const position of open) {
    const size = bulkBytes(writes[position]!);
    if (part.length > 0 && bytes + size > pace.bytes) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(position);
    bytes += size;
  }
  yield part;
}

/** One request in its turn; the pace learns how it went. */
async function send(engine: Engine, index: string, writes: readonly Write[], { signal, pace }: WriteOptions) {
  if (!pace) return attempt(engine, index, writes, signal);
  return pace.inTurn(async () => {
    const began = performance.now();
    const outcomes = await attempt(engine, index, writes, signal);
    if (outcomes.some((outcome) => isForNow(outcome) && !isFailure(outcome))) pace.refused();
    else pace.taken(performance.now() - began);
    return outcomes;
  });
}

/** One request, or several where the engine refuses one as a whole: halved until the write that does it stands alone. */
async function attempt(
  engine: Engine,
  index: string,
  writes: readonly Write[],
  signal: AbortSignal | undefined,
): Promise<Outcome[]> {
  try {
    const attributes = {
      'db.operation.name': 'bulk',
      'db.collection.name': index,
      'db.operation.batch.size': writes.length,
    };
    return await traced('termweave.bulk', attributes, () => engine.bulk(index, writes, { signal }));
  } catch (thrown) {
    const { status, type, reason } = refusalIn(thrown);
    // Whatever the matter is, it is not that of one document.
    if (isBusy(status)) return writes.map(({ id }) => ({ ok: false, id, status: 503, type, reason }));
    if (writes.length === 1) return [{ ok: false, id: writes[0]!.id, status, type, reason }];
    const middle = writes.length >> 1;
    return [
      ...(await attempt(engine, index, writes.slice(0, middle), signal)),
      ...(await attempt(engine, index, writes.slice(middle), signal)),
    ];
  }
}

/** What a failed request says of every write in it. @throws what it was given, where that is about more than these writes. */
function refusalIn(thrown: unknown): { status: number; type: string; reason: string } {
  if (thrown instanceof EngineUnreachable) return { status: 503, type: 'no_answer', reason: thrown.found };
  if (thrown instanceof IndexUnavailable) return { status: 503, type: 'unavailable', reason: thrown.found };
  if (thrown instanceof EngineRefused && (isBusy(thrown.status) || isAboutContent(thrown.status))) return thrown;
  throw thrown;
}

function isAboutContent(status: number): boolean {
  return status === 400 || status === 413;
}

function isForNow(outcome: Outcome): boolean {
  return !outcome.ok && isBusy(outcome.status);
}

/**
 * Checks that an outcome is about its own document: what an engine says item by item of the index would be said of every further document.
 * A block for want of disk is 429 or 403 by version; a cluster without a master is 503 and passes.
 */
function mustBeAboutItself(engine: Engine, index: string, outcome: Outcome): void {
  if (outcome.ok || outcome.status >= 500) return;
  const { status, type, reason } = outcome;
  if (type === 'cluster_block_exception') throw new IndexBlocked(index, reason);
  if (type === 'security_exception') throw new AccessDenied(engine.url, status, reason);
  if (type === 'index_not_found_exception') throw new IndexNotFound(index, engine.url);
  if (type === 'index_closed_exception') throw new EngineRefused(`write to index ${index}`, status, type, reason);
}
