import { type BulkItem, documentOf } from '../clients/bulk-reader.js';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { bulkSlices } from './bulk-slices.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange } from './exchange.js';
import type { GatewayContext } from './gateway-context.js';
import { RequestNotHandedOn } from './gateway-faults.js';
import { indexReader } from './index-reader.js';
import { ownRequests } from './own-requests.js';
import type { PlanForWrites } from './plan-cache.js';
import { endToEnd, type RawHeaders, valuesOf } from './raw-headers.js';
import { bytesOf, readable, textOf } from './request-body.js';
import { SettledWrites } from './settled-writes.js';
import { namesIn, plannedAmong } from './splade-requests.js';
import { orRefused, withVectorsOf } from './vectors-of-writes.js';

/** A document or an update, with its vectors. A write whose vectors cannot be made is refused: without them it would be lost to searches. */
export async function writeDocument(exchange: Exchange, route: EngineRoute, context: GatewayContext): Promise<void> {
  const written = await textOf(exchange.request, context.limits.documentBytes, context.limits.stalledMs);
  const writes = new SettledWrites(exchange, route, context);
  const vectors = () => withVectors(writes, written);
  const sent = (await context.admission.admit(1, vectors)) ?? written;
  await sendWrites(writes, sent, { given: Buffer.byteLength(written), sent: Buffer.byteLength(sent) });
}

/** A bulk of any length, in slices: one request for the engine, whose answer is the client's, item by item. @throws {RequestNotHandedOn} 413 where its vectors make it too large for the engine. */
export async function writeBulk(exchange: Exchange, route: EngineRoute, context: GatewayContext): Promise<void> {
  const writes = new SettledWrites(exchange, route, context);
  const bytes = { given: 0, sent: 0 };
  await sendWrites(writes, rewrittenBulk(writes, bytes), bytes);
}

/** Bytes of a body, as far as it has been sent: as the client gave it, and with its vectors. */
interface Bytes {
  given: number;
  sent: number;
}

const TOO_LARGE = 413;

async function sendWrites(writes: SettledWrites, body: string | AsyncGenerator<string>, bytes: Bytes): Promise<void> {
  const { exchange, context } = writes;
  const { method, url: path, signal } = exchange;
  const headers = exchange.headers({ rewritten: true });
  const sent = writes.isSeen ? compressedAtMostByGzip(headers) : headers;
  const answer = await context.upstream.send({ method, path, headers: sent, body, signal });
  // Without vectors it might have been taken: the engine's own words would not say what made it so large.
  if (answer.statusCode === TOO_LARGE && bytes.sent > bytes.given) {
    answer.resume();
    throw new RequestNotHandedOn(
      TOO_LARGE,
      `a body that the engine finds too large: of ${bytes.given} bytes its vectors made ${bytes.sent} so far`,
      'Send fewer documents at once, or raise the http.max_content_length of the engine',
    );
  }
  await exchange.relaySettled(answer, writes.watch(answer), () => writes.settle());
}

/** What is looked at on its way must be in an encoding that is understood. */
function compressedAtMostByGzip(headers: RawHeaders): RawHeaders {
  const isGzipTaken = valuesOf(headers, 'accept-encoding').some((value) =>
    /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(value),
  );
  return [...endToEnd(headers, ['accept-encoding']), ...(isGzipTaken ? ['accept-encoding', 'gzip'] : [])];
}

async function* rewrittenBulk(writes: SettledWrites, bytes: Bytes): AsyncGenerator<string> {
  const { documentBytes, stalledMs } = writes.context.limits;
  const pieces = readable(bytesOf(writes.exchange.request), stalledMs);
  for await (const items of bulkSlices(pieces, documentBytes)) {
    const slice = bodyOf(await linesWithVectors(writes, items));
    bytes.given += Buffer.byteLength(bodyOf(items.flatMap(({ lines }) => lines)));
    bytes.sent += Buffer.byteLength(slice);
    yield slice;
  }
}

function bodyOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** The lines of a slice with vectors; those that need none, and those that cannot be read, as they are written. */
async function linesWithVectors(writes: SettledWrites, items: readonly BulkItem<string>[]): Promise<string[]> {
  const { route } = writes;
  const documents = items.filter(({ action }) => action !== undefined && action.kind !== 'delete');
  const named = documents.map(({ action }) => action!.about);
  const plans = await plansOf(writes, named.length === 0 ? [] : namesIn(route.index, named));
  for (const { action } of items) {
    if (!action) continue;
    const { routing = route.query.routing } = action.about as Record<string, string | undefined>;
    const [name = ''] = namesIn(route.index, [action.about]);
    const plan = action.kind === 'delete' ? undefined : plans.get(name);
    writes.wrote(plan && { plan, routing: routing?.toString() });
  }
  const changes = await changesOf(writes, documents, plans);
  return items.flatMap((item) => {
    const document = changes.get(item);
    return document === undefined ? item.lines : [item.lines[0]!, document];
  });
}

/** The documents that get vectors, written with them. Where no index is planned they are not even read. */
async function changesOf(
  { exchange, route, context }: SettledWrites,
  items: readonly BulkItem<string>[],
  plans: ReadonlyMap<string, PlanForWrites>,
): Promise<ReadonlyMap<BulkItem<string>, string>> {
  const planned = await plannedIn(plans);
  if (planned.length === 0) return new Map();
  const read = items.flatMap((item) => {
    const document = documentOf(item);
    return document ? [{ item, document }] : [];
  });
  const bulkBody = read.flatMap(({ item, document }) => [item.action!.object, document]);
  const request = { method: exchange.method, path: route.path, bulkBody };
  const vectors = () => withVectorsOf(request, planned, context, exchange.signal);
  // A slice waits where a search or a document would be refused: its client cannot send it again without all the others.
  const rewritten = (await context.admission.admitInTurn(1, vectors, exchange.signal)).bulkBody as JsonObject[];
  const written = read.map(({ item, document }, i) => [item, document, rewritten[2 * i + 1]!] as const);
  const changed = written.filter(([, before, after]) => after !== before);
  if (changed.length > 0) exchange.applied.what = 'vectors';
  return new Map(changed.map(([item, , after]) => [item, exactJson(after)]));
}

async function withVectors(writes: SettledWrites, written: string): Promise<string | undefined> {
  const { exchange, route, context } = writes;
  let body: unknown;
  try {
    body = parseExactJson(written, 'as written');
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const plans = await plansOf(writes, namesIn(route.index));
  const [plan] = plans.values();
  writes.wrote(plan && { plan, routing: route.query.routing });
  const planned = await plannedIn(plans);
  if (planned.length === 0) return undefined;
  const request = { method: exchange.method, path: route.path, querystring: route.query, body };
  const rewritten = await withVectorsOf(request, planned, context, exchange.signal);
  if (rewritten.body === body) return undefined;
  exchange.applied.what = 'vectors';
  return exactJson(rewritten.body);
}

/** The plans of the names that are written to. */
async function plansOf({ exchange, context, isSeen }: SettledWrites, names: readonly string[]) {
  const reader = indexReader(ownRequests(context.upstream, exchange));
  const plans = new Map<string, PlanForWrites>();
  for (const name of names) plans.set(name, await orRefused(() => context.plans.ofWritten(name, reader, isSeen)));
  return plans;
}

function plannedIn(plans: ReadonlyMap<string, PlanForWrites>) {
  return plannedAmong([...plans.keys()], async (name) => plans.get(name)!.planned);
}
