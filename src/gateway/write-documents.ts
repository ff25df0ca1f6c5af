import { Readable } from 'node:stream';
import { PartialText } from '../clients/rewrite-writes.js';
import type { ClientRequest } from '../clients/wire-request.js';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { Fault, messageOf } from '../fault/fault.js';
import { bulkSlices } from './bulk-slices.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange } from './exchange.js';
import type { GatewayContext } from './gateway-context.js';
import { EncoderFailed, PlanUnread, RequestNotHandedOn, UpstreamFailed } from './gateway-faults.js';
import { indexReader } from './index-reader.js';
import { bytesOf, readable, textOf } from './request-body.js';
import { namesIn, plannedAmong, sendPlanned } from './splade-requests.js';

const BAD_REQUEST = 400;
const CONFLICT = 409;
const ENCODER_FAILED = 503;

/** A document or an update, with its vectors. A write whose vectors cannot be made is refused: without them it would be lost to searches. */
export async function writeDocument(exchange: Exchange, route: EngineRoute, context: GatewayContext): Promise<void> {
  const written = await textOf(exchange.request, context.limits.documentBytes);
  const vectors = () => withVectors(exchange, route, written, context);
  const body = (await context.admission.admit(1, vectors)) ?? written;
  const { method, url: path, signal } = exchange;
  await exchange.relay(
    await context.upstream.send({ method, path, headers: exchange.headers({ rewritten: true }), body, signal }),
  );
}

/** A bulk of any length, in slices: one request for the engine, whose answer is the client's, item by item. */
export async function writeBulk(exchange: Exchange, route: EngineRoute, context: GatewayContext): Promise<void> {
  const body = Readable.from(rewrittenBulk(exchange, route, context));
  const { method, url: path, signal } = exchange;
  const headers = exchange.headers({ rewritten: true });
  await exchange.relay(await context.upstream.send({ method, path, headers, body, signal }));
}

async function* rewrittenBulk(exchange: Exchange, route: EngineRoute, context: GatewayContext): AsyncGenerator<string> {
  const reader = new BulkReader();
  const slices = bulkSlices(
    readable(bytesOf(exchange.request)),
    (line) => reader.isComplete(line),
    context.limits.documentBytes,
  );
  for await (const lines of slices) {
    const changed = reader.isBroken ? undefined : await rewrittenSlice(exchange, route, lines, context);
    yield `${(changed ?? lines).join('\n')}\n`;
  }
}

/** The lines of a slice with vectors; those that need none as they are written. */
async function rewrittenSlice(exchange: Exchange, route: EngineRoute, lines: string[], context: GatewayContext) {
  const whole = lines.filter((line) => line.trim() !== '');
  const parsed = whole.map((line) => parseExactJson(line, 'as written') as JsonObject);
  const request = { method: exchange.method, path: route.path, bulkBody: parsed };
  const actions = actionsOf(parsed);
  const rewritten = await rewrite(exchange, request, namesIn(route.index, actions), context);
  const documents = rewritten?.bulkBody as JsonObject[] | undefined;
  return documents?.map((line, i) => (line === parsed[i] ? whole[i]! : exactJson(line)));
}

async function withVectors(exchange: Exchange, route: EngineRoute, written: string, context: GatewayContext) {
  let body: unknown;
  try {
    body = parseExactJson(written, 'as written');
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const request = { method: exchange.method, path: route.path, querystring: route.query, body };
  const rewritten = await rewrite(exchange, request, namesIn(route.index), context);
  return rewritten && exactJson(rewritten.body);
}

/** The request with its vectors; `undefined` where no plan asks for any. */
async function rewrite(exchange: Exchange, request: ClientRequest, names: readonly string[], context: GatewayContext) {
  const planned = await plannedFor(names, exchange, context);
  if (planned.length === 0) return undefined;
  try {
    const rewritten = await sendPlanned(request, planned, context.shared, async (changed) => changed);
    exchange.applied.what = 'vectors';
    return rewritten as ClientRequest;
  } catch (thrown) {
    if (thrown instanceof UpstreamFailed || exchange.signal.aborted) throw thrown;
    throw refusalOf(thrown);
  }
}

/** The plans of the indices that are written to. One whose vectors this gateway cannot make, or does not know of, is not written to without them. */
async function plannedFor(names: readonly string[], exchange: Exchange, { plans, upstream }: GatewayContext) {
  const reader = indexReader(upstream, exchange);
  try {
    return await plannedAmong(names, (name) => plans.ofWritten(name, reader));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown instanceof UpstreamFailed || thrown instanceof RequestNotHandedOn)
      throw thrown;
    const status = thrown instanceof PlanUnread ? thrown.status : CONFLICT;
    throw new RequestNotHandedOn(status, `${thrown.asked}: ${thrown.found}`, thrown.remedy);
  }
}

function refusalOf(thrown: unknown): RequestNotHandedOn {
  if (thrown instanceof EncoderFailed) {
    const found = 'the encoder failed, and a document without its vector would be lost to searches';
    return new RequestNotHandedOn(ENCODER_FAILED, found, thrown.remedy);
  }
  if (thrown instanceof PartialText) return new RequestNotHandedOn(BAD_REQUEST, thrown.found, thrown.remedy);
  const found = `a body that cannot be read as what is written there: ${messageOf(thrown)}`;
  return new RequestNotHandedOn(BAD_REQUEST, found, 'Send what the engine takes there, or with x-termweave: off');
}

function actionsOf(lines: readonly JsonObject[]): unknown[] {
  const actions: unknown[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [kind, action] = Object.entries(lines[i]!)[0] ?? [];
    actions.push(action);
    if (kind !== 'delete') i++;
  }
  return actions;
}

/** Follows the lines of a bulk: an action, and its document unless it deletes. */
class BulkReader {
  /** From the first line on that is no JSON object the rest passes as it is: the engine says what it thinks of it. */
  isBroken = false;
  #expectsDocument = false;

  isComplete(line: string): boolean {
    if (this.isBroken || line.trim() === '') return !this.#expectsDocument || this.isBroken;
    const parsed = this.#parse(line);
    if (!parsed) return true;
    this.#expectsDocument = !this.#expectsDocument && Object.keys(parsed)[0] !== 'delete';
    return !this.#expectsDocument;
  }

  #parse(line: string): object | undefined {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    } catch {
      // Falls through to the same end.
    }
    this.isBroken = true;
    return undefined;
  }
}
