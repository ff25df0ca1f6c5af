import type { IncomingMessage } from 'node:http';
import type { Carried, ClientRequest } from '../clients/wire-request.js';
import { exactJson } from '../dialect/exact-number.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange } from './exchange.js';
import type { GatewayContext } from './gateway-context.js';
import { endToEnd } from './raw-headers.js';
import { AnswerTooLarge, shallowOf, wholeOf } from './read-answer.js';

/** How deep hits are in an answer, the members of which decide what becomes of them; what is in these stays text. */
const DEPTH_OF_HITS = { search: 4, 'multi-search': 6 };

interface WholeAnswer {
  readonly statusCode: number;
  readonly headers: readonly string[];
}

/** An answer that was read to be joined with another, or explained. */
export interface ReadAnswer extends WholeAnswer {
  readonly body: unknown;
}

/** An answer as the client gets it. */
export interface WrittenAnswer extends WholeAnswer {
  readonly bytes: Buffer;
}

/** Why an answer is not joined or explained. */
export const TOO_LARGE = 'answer-too-large';

/** How engines answer what asks a field that is not there, or of another kind, or an index that is not there. */
const OF_ANOTHER_INDEX = [400, 404];

/** An answer that is none: the client is told it as it is. */
export class RefusedSearch extends Error {
  constructor(readonly answer: WrittenAnswer) {
    super('the engine refused a part of the search');
  }

  /** Whether that may be because it was asked by the plan of another index. */
  get mayBeOutdated(): boolean {
    return OF_ANOTHER_INDEX.includes(this.answer.statusCode);
  }
}

/**
 * Sends a search that was rewritten. Its answer is read only where it has to be: that may be tens of megabytes, which otherwise pass in pieces.
 * One that is read for its explanation alone, and is too large to be held, is asked for once more and passes without it.
 * @param carried as {@link Send} says it. @throws {RefusedSearch} where one that carries vectors is refused, or an answer that is read is an error.
 * {@link AnswerTooLarge} where it was to be joined. {@link UpstreamFailed}
 */
export async function sendChanged(
  exchange: Exchange,
  route: EngineRoute,
  changed: ClientRequest,
  { carried, isExplained }: { readonly carried?: Carried; readonly isExplained: boolean },
  context: GatewayContext,
): Promise<IncomingMessage | ReadAnswer> {
  const { querystring, body, bulkBody } = changed;
  const lines = bulkBody as unknown[] | undefined;
  const written = lines ? lines.map((line) => `${exactJson(line)}\n`).join('') : exactJson(body);
  const query = querystring as Record<string, string>;
  const url = query === route.query ? route.url : `${route.path}?${new URLSearchParams(query)}`;
  const isRead = isExplained || carried === 'lists';
  // What is read on the way, if only for the id of a point in time, must come as it is.
  const asIs = isRead || (body as { pit?: unknown } | undefined)?.pit !== undefined;
  const answer = await sendText(exchange, url, written, context, asIs ? ['accept-encoding'] : []);
  const { statusCode = 0 } = answer;
  const whole = { statusCode, headers: endToEnd(answer.rawHeaders, ['content-length']) };
  if (isRead ? statusCode >= 400 : carried && OF_ANOTHER_INDEX.includes(statusCode))
    throw new RefusedSearch({ ...whole, bytes: await wholeOf(answer) });
  if (!isRead) return answer;
  const depth = DEPTH_OF_HITS[lines ? 'multi-search' : 'search'];
  try {
    return { ...whole, body: await shallowOf(answer, depth, context.limits.answerBytes) };
  } catch (thrown) {
    if (!(thrown instanceof AnswerTooLarge) || carried === 'lists') throw thrown;
    exchange.applied.reason = TOO_LARGE;
    return sendChanged(exchange, route, changed, { carried, isExplained: false }, context);
  }
}

/** Sends a search as it is written. @param without headers that are not handed on. @throws {UpstreamFailed} */
export function sendText(
  exchange: Exchange,
  path: string,
  body: string,
  { upstream }: GatewayContext,
  without: readonly string[] = [],
): Promise<IncomingMessage> {
  const { method, signal } = exchange;
  const headers = endToEnd(exchange.headers({ rewritten: true }), without);
  return upstream.send({ method, path, headers, body, signal, isSearch: true });
}
