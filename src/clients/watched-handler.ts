import type { JsonObject } from '../dialect/dialect.js';
import type { PlanWatch } from './plan-watch.js';
import { isRefusal, isRefused, itemsIn, RefusedItems } from './refused-items.js';
import { endpointOf } from './request-endpoint.js';
import { type Handle, spladeHandler } from './splade-handler.js';
import type { SpladePlan } from './splade-plan.js';
import {
  answerIn,
  type ClientRequest,
  mapAnswer,
  type ReadRequest,
  type Send,
  withParametersRead,
} from './wire-request.js';

/** How one call is answered. */
interface Call {
  readonly send: Send;
  /** Sends what the watch reads: it is for all callers, so no single one's signal ends it, and none shapes its answer. */
  readonly look: Send;
  /** Ends the encoding, with its reason. */
  readonly signal?: AbortSignal;
}

/** As {@link Handle}. */
type HandleWatched = (request: ClientRequest, call: Call) => Promise<unknown> | undefined;

/**
 * A handler that follows the indices of its plan, as a watch sees them. What was rewritten by a plan that turns out to be that of an index which is no
 * more is rewritten by the new one: before it is sent, where that is known by then; and once more, where the engine refused it (of a bulk, the items that
 * it refused), and where it only asked.
 */
export function watchedHandler(watch: PlanWatch): HandleWatched {
  let planned = watch.splade;
  let handle = spladeHandler(planned);
  const handleByPlan: Handle = (request, send, signal) => {
    if (planned !== watch.splade) {
      planned = watch.splade;
      handle = spladeHandler(planned);
    }
    return handle(request, send, signal);
  };
  return (given, call) => {
    const attempt = (request: ReadRequest, isLast: boolean): Promise<unknown> | undefined => {
      const watched = new WatchedSends(watch, request, call, isLast);
      const again = (asked: ReadRequest) => attempt(asked, true)!;
      return handleByPlan(request, watched.send, call.signal)?.then(
        (answer) =>
          !isLast && watched.isOutdated && watched.mayBeSentAgain ? sentAgain(request, answer, again) : answer,
        (thrown) => {
          if (thrown instanceof NotSent || (!isLast && watched.isOutdated && watched.wasRefused)) return again(request);
          throw thrown;
        },
      );
    };
    return attempt(withParametersRead(given), false);
  };
}

/** While a request was rewritten (its texts waited for the encoder), its plan became that of an index which is no more: nothing was sent. */
class NotSent extends Error {}

/** What is sent for one request, and how it went. */
class WatchedSends {
  wasRefused = false;
  #carriedVectors = false;
  /** By which it is rewritten. */
  readonly #plan: SpladePlan;

  constructor(
    private readonly watch: PlanWatch,
    private readonly request: ReadRequest,
    private readonly by: Pick<Call, 'send' | 'look'>,
    private readonly isLast: boolean,
  ) {
    this.#plan = watch.splade;
  }

  get isOutdated(): boolean {
    return this.watch.splade !== this.#plan;
  }

  get mayBeSentAgain(): boolean {
    return this.wasRefused || (this.#carriedVectors && asksOnly(this.request));
  }

  readonly send: Send = async (changed, carries) => {
    if (carries === undefined) return this.by.send(changed);
    this.#carriedVectors = true;
    await this.watch.before(this.by.look);
    if (this.isOutdated && !this.isLast) throw new NotSent();
    const answer = await this.by.send(changed).catch(async (thrown) => {
      if (isRefusal(thrown?.statusCode)) await this.#refused();
      throw thrown;
    });
    if (hasRefusals(answerIn(answer))) await this.#refused();
    await this.watch.after(answer, this.by.look, OF_SEVERAL_INDICES.has(endpointOf(this.request.path).endpoint));
    return answer;
  };

  async #refused(): Promise<void> {
    this.wasRefused = true;
    await this.watch.refused(this.by.look);
  }
}

/** Each of their lines may name an index. */
const OF_SEVERAL_INDICES = new Set(['_msearch', '_bulk']);

/** Whether a request can be sent once more and leave nothing behind: a scroll or an asynchronous search stays open. */
function asksOnly({ path, querystring }: ReadRequest): boolean {
  const { endpoint } = endpointOf(path);
  return endpoint === '_msearch' || (endpoint === '_search' && querystring?.scroll === undefined);
}

/** Clients can be told to take refusals as answers; an `_msearch` answers for each of its searches, a bulk for each of its items. */
function hasRefusals(answer: JsonObject): boolean {
  const answers = Array.isArray(answer?.responses) ? answer.responses : [answer, ...itemsIn(answer)];
  return answers.some(isRefused);
}

/**
 * Sends once more what was sent by the plan of an index that is no more: of a bulk only what was refused, for the rest is done. Where that fails, the first
 * answer stands: of an error alone an application would learn nothing of the items that are done, and write them twice.
 */
async function sentAgain(request: ReadRequest, answer: unknown, again: (asked: ReadRequest) => Promise<unknown>) {
  const first = answerIn(answer);
  if (itemsIn(first).length === 0) return again(request);
  const refused = RefusedItems.of(request, first);
  if (!refused) return answer;
  const later = await again(refused.request).then(answerIn, () => undefined);
  return later === undefined ? answer : mapAnswer(answer, () => refused.joined(first, later));
}
