import type { IncomingMessage } from 'node:http';
import { endpointOf } from '../clients/request-endpoint.js';
import type { ClientRequest, Send } from '../clients/wire-request.js';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson, parseExactJson } from '../dialect/exact-number.js';
import { Fault } from '../fault/fault.js';
import { parseStrategy } from '../query/strategies/parse-strategy.js';
import type { TranslationReport } from '../query/translation/translation-report.js';
import { ServiceOverloaded } from '../service/service-faults.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange, Mode } from './exchange.js';
import { asksExplanation, explainedAnswer, type Told } from './explained-answer.js';
import type { GatewayContext } from './gateway-context.js';
import { EncoderFailed, PlanUnread, RequestNotHandedOn, UpstreamFailed } from './gateway-faults.js';
import { indexReader } from './index-reader.js';
import { ownRequests } from './own-requests.js';
import { AnswerTooLarge, comesAsJson } from './read-answer.js';
import { renderedSearch } from './render-template.js';
import { textOf } from './request-body.js';
import { type ReadAnswer, RefusedSearch, sendChanged, sendText, TOO_LARGE, type WrittenAnswer } from './send-search.js';
import { areSamePlans, headersOf, namesIn, type PlannedNames, plannedAmong, sendPlanned } from './splade-requests.js';

const ENCODER_FAILED = 503;

/**
 * A search, asked by SPLADE. What cannot be translated is asked as it stands, and the answer says so.
 * @throws {RequestNotHandedOn} {@link UpstreamFailed}
 */
export async function translateSearch(exchange: Exchange, route: EngineRoute, mode: Mode, context: GatewayContext) {
  const written = await textOf(exchange.request, context.limits.searchBytes, context.limits.stalledMs);
  const request = parsed(exchange, route, written);
  const point = request && pointIndexOf(request, route, context);
  const ask = () => asked(exchange, route, mode, written, request && { ...request, ...point?.path }, context);
  // The door is behind the body and before the answer's: slow clients, however many, take no place inside.
  const answer = await context.admission
    .admit(1, ask)
    .catch((thrown) => askedByWords(thrown, exchange, written, context));
  const learn = point && context.points.learning(point.index);
  if ('rawHeaders' in answer) return exchange.relay(answer, learn);
  learn?.(answer.bytes);
  exchange.finish(answer.statusCode, answer.bytes, answer.headers);
}

async function asked(
  exchange: Exchange,
  route: EngineRoute,
  mode: Mode,
  written: string,
  request: ClientRequest | undefined,
  context: GatewayContext,
): Promise<IncomingMessage | WrittenAnswer> {
  const untouched = () => sendText(exchange, exchange.url, written, context);
  const told: Told[] = [];
  try {
    if (!request) return await untouched();
    const headers = route.kind === 'multi-search' ? headersOf(request.bulkBody as unknown[]) : undefined;
    const names = namesIn(endpointOf(request.path).index, headers);
    const planned = await plannedAmong(names, (name) => planOf(name, exchange, context));
    if (planned.length === 0) return await untouched();
    const isJson = comesAsJson(exchange.request, route.query);
    if (mode === 'hybrid' && !isJson) {
      exchange.applied.reason = 'accept';
      return await untouched();
    }
    const rendered = await searchOf(exchange, route, request, context);
    if (!rendered) return await untouched();
    const onTranslated = (report: TranslationReport, vectors: Told['vectors']) => void told.push({ report, vectors });
    const shared = { ...context.shared, strategy: parseStrategy(mode, 'client', context.settings), onTranslated };
    const isExplained = isJson && asksExplanation(route.query, rendered.request.body);
    const send: Send = (changed, carried) =>
      sendChanged(exchange, rendered.route, changed, { carried, isExplained }, context);
    const by = (plans: readonly PlannedNames[]) =>
      sendPlanned(rendered.request, plans, shared, send, exchange.signal) as Promise<IncomingMessage | ReadAnswer>;
    const answer = await by(planned).catch(async (thrown) => {
      const renewed =
        thrown instanceof RefusedSearch ? await renewedPlans(thrown, names, exchange, context) : undefined;
      if (!renewed || areSamePlans(planned, renewed)) throw thrown;
      told.length = 0;
      return renewed.length === 0 ? untouched() : by(renewed);
    });
    markApplied(exchange, mode, told);
    if ('rawHeaders' in answer) return answer;
    const body = isExplained ? explainedAnswer(answer.body as JsonObject, told) : answer.body;
    return { ...answer, bytes: Buffer.from(exactJson(body)) };
  } catch (thrown) {
    if (thrown instanceof RefusedSearch) {
      markApplied(exchange, mode, told);
      return thrown.answer;
    }
    if (thrown instanceof AnswerTooLarge) {
      exchange.applied.reason = TOO_LARGE;
      return untouched();
    }
    if (thrown instanceof RequestNotHandedOn || thrown instanceof UpstreamFailed) throw thrown;
    exchange.signal.throwIfAborted();
    markFailed(exchange, thrown, context);
    return untouched();
  }
}

/** The plans that names have now, where those by which the engine refused a search may be old; `undefined` where it does not say. */
async function renewedPlans(
  { mayBeOutdated }: RefusedSearch,
  names: readonly string[],
  exchange: Exchange,
  { plans, upstream }: GatewayContext,
): Promise<PlannedNames[] | undefined> {
  if (!mayBeOutdated) return undefined;
  const reader = indexReader(ownRequests(upstream, exchange));
  try {
    return await plannedAmong(names, (name) => plans.ofSearched(name, reader, true));
  } catch (thrown) {
    if (thrown instanceof PlanUnread || thrown instanceof UpstreamFailed) return undefined;
    throw thrown;
  }
}

/** A search of an index whose plan the engine does not say is asked by words. */
async function planOf(name: string, exchange: Exchange, { plans, upstream }: GatewayContext) {
  try {
    return await plans.ofSearched(name, indexReader(ownRequests(upstream, exchange)));
  } catch (thrown) {
    if (!(thrown instanceof PlanUnread)) throw thrown;
    exchange.applied.reason = thrown.code;
    return undefined;
  }
}

/** Where too many are inside, the policy decides. @throws {ServiceOverloaded} */
function askedByWords(thrown: unknown, exchange: Exchange, written: string, context: GatewayContext) {
  if (!(thrown instanceof ServiceOverloaded) || context.onEncoderFailure === 'refuse') throw thrown;
  Object.assign(exchange.applied, { what: 'lexical', reason: thrown.code });
  return sendText(exchange, exchange.url, written, context);
}

/** The search that a request is, or that its template writes. */
async function searchOf(exchange: Exchange, route: EngineRoute, request: ClientRequest, context: GatewayContext) {
  if (route.kind !== 'template') return { route, request };
  const rendered = await renderedSearch(exchange, route, request.body as JsonObject, context);
  return rendered && { route: rendered.route, request: { ...request, path: rendered.route.path, body: rendered.body } };
}

/** The index of a search by a point in time, whose path names none, and the path that names it. */
function pointIndexOf({ body }: ClientRequest, route: EngineRoute, { points }: GatewayContext) {
  const id = (body as { pit?: { id?: unknown } } | undefined)?.pit?.id;
  const index = route.index === undefined && typeof id === 'string' ? points.indexOf(id) : undefined;
  return index === undefined ? undefined : { index, path: { path: `/${encodeURIComponent(index)}/_search` } };
}

/** The request as the rewriting code takes it; `undefined` where there is nothing to rewrite. */
function parsed(exchange: Exchange, route: EngineRoute, written: string): ClientRequest | undefined {
  if (written.trim() === '') return undefined;
  const { method } = exchange;
  const asked = { method, path: route.path, querystring: route.query };
  try {
    if (route.kind !== 'multi-search') return { ...asked, body: parseExactJson(written, 'as written') };
    // Empty lines before the last one are headers, or none, as the engine has it: it is asked as it stands.
    const lines = written.trimEnd().split('\n');
    return { ...asked, bulkBody: lines.map((line) => parseExactJson(line, 'as written')) };
  } catch (thrown) {
    // What is no JSON, the engine refuses in its own words.
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function markApplied({ applied }: Exchange, mode: Mode, told: readonly Told[]): void {
  const reports = told.map(({ report }) => report);
  if (reports.some(({ translated }) => translated.length > 0)) applied.what = mode;
  else applied.reason = reports.flatMap(({ refused, left }) => [...refused, ...left])[0]?.reason;
}

/** A body that cannot be read as a search is the engine's to answer; a failing encoder is the policy's. */
function markFailed({ applied }: Exchange, thrown: unknown, { onEncoderFailure }: GatewayContext): void {
  applied.reason = thrown instanceof Fault ? thrown.code : 'unreadable';
  if (!(thrown instanceof EncoderFailed)) return;
  if (onEncoderFailure === 'refuse')
    throw new RequestNotHandedOn(ENCODER_FAILED, 'the encoder failed', 'Ask again, or with x-termweave: off');
  applied.what = 'lexical';
}
