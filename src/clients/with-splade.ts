import { mustMatchPlan } from '../mapping/match-plan.js';
import { PlanWatch } from './plan-watch.js';
import type { SpladePlan } from './splade-plan.js';
import { watchedHandler } from './watched-handler.js';
import type { ClientRequest, Send } from './wire-request.js';

/** What `withSplade` needs of a client: both official ones have it. */
export interface OfficialClient {
  child(options: never): unknown;
  readonly transport: object;
}

/** How the transports of both clients are called; the OpenSearch one takes a callback, too. */
type Request = (
  request: ClientRequest,
  options?: unknown,
  callback?: (error: unknown, answer: unknown) => void,
) => unknown;
type TransportClass = new (...given: unknown[]) => { request: Request };

/**
 * The same client, asking and writing by SPLADE: `@elastic/elasticsearch` 8 and 9, `@opensearch-project/opensearch` 2 and 3. Every search of
 * the planned index (`search`, `msearch`, `asyncSearch`, scrolls, the helpers) is translated, every document written to it (`index`, `create`,
 * `update`, `bulk`, the bulk helper) gets its vectors. `count` asks yes or no and stays; so does everything else. The client given is not changed:
 * the answer is a child of it over the same connections, of the same type.
 *
 * The plan given is that of the model of the encoder, whatever index a name comes to stand for: where an alias moves to an index of another model, its
 * answer ends with {@link ModelMismatch}, and so does all that follows, unsent, until it moves back. An index that is made anew with other vector fields of the
 * same model is followed: what was asked, or refused, by the plan before is sent once more by the new one. That takes a reading of the mapping whenever an
 * index answers for the first time, one in ten seconds in which answers find nothing, one in five in which requests are refused, and one a minute besides.
 *
 * The requests themselves are rewritten, where the client hands them to its transport: whichever method made one, new ones included.
 * @throws {ModelMismatch} where the encoder is not of the plan's model; a write throws it where texts are cut otherwise than the index's.
 */
export function withSplade<Client extends OfficialClient>(client: Client, splade: SpladePlan): Client {
  const { index, plan, encoder } = splade;
  mustMatchPlan([index].flat().join(','), plan, encoder.identity, encoder.vocabulary.fingerprint);
  const handle = watchedHandler(new PlanWatch(splade));
  const Transport = client.transport.constructor as TransportClass;
  class SpladeTransport extends Transport {
    override request: Request = (request, given, last) => {
      // The OpenSearch client takes a callback in the place of the options, too.
      const [options, callback] = typeof given === 'function' ? [undefined, given as typeof last] : [given, last];
      const sending = new AbortableSends();
      const send: Send = async (asked) => sending.track(super.request(asked, options));
      const look: Send = async (asked) => super.request(asked, asOneself(options));
      const signal = signalIn(options) ?? sending.signal;
      const handled = handle(request, { send, look, signal });
      if (!handled) return super.request(request, options, callback);
      const answered = handled.catch((thrown) => {
        if (!signal.aborted || thrown !== signal.reason) throw thrown;
        // Broken off while texts were encoded: the client refuses to send it then, by the error that its callers know. Of a signal in
        // its options the OpenSearch one knows nothing: what went out by words would be stored without a vector.
        sending.abort();
        return send(request);
      });
      const abortable = Object.assign(answered, { abort: () => sending.abort() });
      if (!callback) return abortable;
      abortable.then(
        (answer) => callback(null, answer),
        (error) => callback(error, null),
      );
      return { abort: abortable.abort };
    };
  }
  return client.child({ Transport: SpladeTransport } as never) as Client;
}

/** Of a caller's options those that say who asks; what ends the call or shapes its answer (a signal, a stream) is of that call alone. */
function asOneself(options: unknown): object {
  const { headers } = (options ?? {}) as { readonly headers?: object };
  return headers === undefined ? {} : { headers };
}

/** What ends a call of the Elasticsearch client; of the OpenSearch one, which has no such option, the encoding alone. */
function signalIn(options: unknown): AbortSignal | undefined {
  const { signal } = (options ?? {}) as { readonly signal?: unknown };
  return signal instanceof AbortSignal ? signal : undefined;
}

/** What has been sent for one call, to be broken off where the OpenSearch client's callers do: by `abort()` of what they were given. */
class AbortableSends {
  readonly #aborting = new AbortController();
  readonly #sent: { abort?(): unknown }[] = [];

  /** Ends the encoding of its texts. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** What is sent after the call was broken off is broken off as well. */
  track(sent: unknown): unknown {
    this.#sent.push(sent as { abort?(): unknown });
    if (this.signal.aborted) this.abort();
    return sent;
  }

  abort(): void {
    this.#aborting.abort();
    for (const one of this.#sent) one.abort?.();
  }
}
