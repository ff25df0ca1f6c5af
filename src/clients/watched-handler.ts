import { isObject } from '../dialect/plain-object.js';
import type { PlanWatch } from './plan-watch.js';
import { endpointOf, type Handle, spladeHandler } from './splade-handler.js';
import { answerIn, type ClientRequest, type Send, withParametersRead } from './wire-request.js';

/**
 * A handler that follows the indices of its plan, as a watch sees them. What was rewritten by a plan that turns out to be that of an index which is no
 * more is rewritten by the new one and sent once more: where the engine refused it, and where it only asked.
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
  return (request, send) => {
    const watched = new WatchedSends(watch, request, send);
    const by = watch.splade;
    const isOutdated = () =>
      watch.splade !== by && (watched.wasRefused || (watched.carriedVectors && asksOnly(request)));
    const first = handleByPlan(request, watched.send);
    return first?.then(
      (answer) => (isOutdated() ? handleByPlan(request, watched.send)! : answer),
      (thrown) => {
        if (watched.wasRefused && isOutdated()) return handleByPlan(request, watched.send)!;
        throw thrown;
      },
    );
  };
}

/** What is sent for one request, and how it went. */
class WatchedSends {
  carriedVectors = false;
  wasRefused = false;
  readonly #goesToOthers: boolean;

  constructor(
    private readonly watch: PlanWatch,
    { path }: ClientRequest,
    private readonly transport: Send,
  ) {
    this.#goesToOthers = OF_SEVERAL_INDICES.has(endpointOf(path).endpoint);
  }

  readonly send: Send = async (changed, carries) => {
    if (carries === undefined) return this.transport(changed);
    this.carriedVectors = true;
    await this.watch.before(this.transport);
    const answer = await this.transport(changed).catch(async (thrown) => {
      if (isRefusal(thrown?.statusCode)) await this.#refused();
      throw thrown;
    });
    if (hasRefusals(answerIn(answer))) await this.#refused();
    await this.watch.after(answer, this.transport, this.#goesToOthers);
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
function asksOnly(request: ClientRequest): boolean {
  const { path, querystring } = withParametersRead(request);
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
