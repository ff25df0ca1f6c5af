import { isObject } from '../dialect/plain-object.js';
import type { PlanWatch } from './plan-watch.js';
import { endpointOf, type Handle, spladeHandler } from './splade-handler.js';
import type { SpladePlan } from './splade-plan.js';
import { answerIn, type ReadRequest, type Send, withParametersRead } from './wire-request.js';

/**
 * A handler that follows the indices of its plan, as a watch sees them. What was rewritten by a plan that turns out to be that of an index which is no
 * more is rewritten by the new one: before it is sent, where that is known by then; and once more, where the engine refused it, and where it only asked.
 */
export function watchedHandler(watch: PlanWatch): Handle {
  let planned = watch.splade;
  let handle = spladeHandler(planned);
  const handleByPlan: Handle = (request, send) => {
    if (planned !== watch.splade) {
      planned = watch.splade;
      handle = spladeHandler(planned);
    }
    return handle(request, send);
  };
  const attempt = (request: ReadRequest, send: Send, isLast: boolean): Promise<unknown> | undefined => {
    const watched = new WatchedSends(watch, request, send, isLast);
    const again = () => attempt(request, send, true)!;
    return handleByPlan(request, watched.send)?.then(
      (answer) => (!isLast && watched.isOutdated && watched.mayBeSentAgain ? again() : answer),
      (thrown) => {
        if (thrown instanceof NotSent || (!isLast && watched.isOutdated && watched.wasRefused)) return again();
        throw thrown;
      },
    );
  };
  return (request, send) => attempt(withParametersRead(request), send, false);
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
    private readonly transport: Send,
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
    if (carries === undefined) return this.transport(changed);
    this.#carriedVectors = true;
    await this.watch.before(this.transport);
    if (this.isOutdated && !this.isLast) throw new NotSent();
    const answer = await this.transport(changed).catch(async (thrown) => {
      if (isRefusal(thrown?.statusCode)) await this.#refused();
      throw thrown;
    });
    if (hasRefusals(answerIn(answer))) await this.#refused();
    await this.watch.after(answer, this.transport, OF_SEVERAL_INDICES.has(endpointOf(this.request.path).endpoint));
    return answer;
  };

  async #refused(): Promise<void> {
    this.wasRefused = true;
    await this.watch.refused(this.transport);
  }
}

/** Each of their lines may name an index. */
const OF_SEVERAL_INDICES = new Set(['_msearch', '_bulk']);

/** Whether a request can be sent once more and leave nothing behind: a scroll or an asynchronous search stays open. */
function asksOnly({ path, querystring }: ReadRequest): boolean {
  const { endpoint } = endpointOf(path);
  return endpoint === '_msearch' || (endpoint === '_search' && querystring?.scroll === undefined);
}

/** An unknown field, a field of another type; an index that is gone. */
function isRefusal(status: unknown): boolean {
  return status === 400 || status === 404;
}

/** Clients can be told to take refusals as answers, and an `_msearch` answers for each of its searches. */
function hasRefusals(answer: unknown): boolean {
  if (!isObject(answer)) return false;
  const answers = Array.isArray(answer.responses) ? answer.responses : [answer];
  return answers.some((one) => isObject(one) && one.error !== undefined && isRefusal(one.status));
}
