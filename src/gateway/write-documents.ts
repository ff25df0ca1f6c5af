import { PartialText } from '../clients/rewrite-writes.js';
import type { ClientRequest } from '../clients/wire-request.js';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { Fault, messageOf } from '../fault/fault.js';
import { type BulkItem, documentOf } from './bulk-reader.js';
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
  const written = await textOf(exchange.request, context.limits.documentBytes, context.limits.stalledMs);
  const vectors = () => withVectors(exchange, route, written, context);
  const body = (await context.admission.admit(1, vectors)) ?? written;
  const { method, url: path, signal } = exchange;
  await exchange.relay(
    await context.upstream.send({ method, path, headers: exchange.headers({ rewritten: true }), body, signal }),
  );
}

/** A bulk of any length, in slices: one request for the engine, whose answer is the client's, item by item. */
export async function writeBulk(exchange: Exchange, route: EngineRoute, context: GatewayContext): Promise<void> {
  const body = rewrittenBulk(exchange, route, context);
  const { method, url: path, signal } = exchange;
  const headers = exchange.headers({ rewritten: true });
  await exchange.relay(await context.upstream.send({ method, path, headers, body, signal }));
}

async function* rewrittenBulk(exchange: Exchange, route: EngineRoute, context: GatewayContext): AsyncGenerator<string> {
  const { documentBytes, stalledMs } = context.limits;
  for await (const items of bulkSlices(readable(bytesOf(exchange.request), stalledMs), documentBytes))
    yield `${(await linesWithVectors(exchange, route, items, context)).join('\n')}\n`;
}

/** The lines of a slice with vectors; those that need none, and those that cannot be read, as they are written. */
async function linesWithVectors(
  exchange: Exchange,
  route: EngineRoute,
  items: readonly BulkItem[],
  context: GatewayContext,
): Promise<string[]> {
  const changes = await changesOf(exchange, route, items, context);
  return items.flatMap((item) => {
    const document = changes?.get(item);
    return document ? [item.lines[0]!, document] : item.lines;
  });
}

/** The documents that get vectors, written with them. Those of no planned index are not even read. */
async function changesOf(
  exchange: Exchange,
  route: EngineRoute,
  items: readonly BulkItem[],
  context: GatewayContext,
): Promise<ReadonlyMap<BulkItem, string> | undefined> {
  const writes = items.filter(({ action }) => action !== undefined && action.kind !== 'delete');
  if (writes.length === 0) return undefined;
  const names = namesIn(
    route.index,
    writes.map(({ action }) => action!.about),
  );
  const planned = await plannedFor(names, exchange, context);
  if (planned.length === 0) return undefined;
  const read = writes.flatMap((item) => {
    const document = documentOf(item);
    return document ? [{ item, document }] : [];
  });
  const bulkBody = read.flatMap(({ item, document }) => [item.action!.object, document]);
  const request = { method: exchange.method, path: route.path, bulkBody };
  // A slice waits where a search or a document would be refused: its client cannot send it again without all the others.
  const vectors = () => rewrite(exchange, request, planned, context);
  const rewritten = (await context.admission.admitInTurn(1, vectors, exchange.signal)).bulkBody as JsonObject[];
  const changed = read.map(({ item, document }, i) => [item, document, rewritten[2 * i + 1]!] as const);
  return new Map(
    changed.flatMap(([item, before, after]) => (after === before ? [] : [[item, exactJson(after)] as const])),
  );
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
  const planned = await plannedFor(namesIn(route.index), exchange, context);
  return planned.length === 0 ? undefined : exactJson((await rewrite(exchange, request, planned, context)).body);
}

/** The request with its vectors. */
async function rewrite(
  exchange: Exchange,
  request: ClientRequest,
  planned: Awaited<ReturnType<typeof plannedFor>>,
  { shared }: GatewayContext,
): Promise<ClientRequest> {
  const { signal } = exchange;
  const encoder: typeof shared.encoder = {
    encode: (texts, asked) => shared.encoder.encode(texts, { ...asked, signal }),
  };
  try {
    const rewritten = await sendPlanned(request, planned, { ...shared, encoder }, async (changed) => changed);
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
