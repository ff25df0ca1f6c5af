import type { Encoded, Encoder } from '../encoder/encoder.js';
import type { Role } from '../encoder/role.js';
import type { TokenizedText } from '../encoder/tokenized-text.js';
import { Admission } from './admission.js';
import { RequestRefused } from './service-faults.js';
import type { ServiceMetrics } from './service-metrics.js';

/** A model that a service offers. */
export interface OfferedModel {
  /** What requests call it. */
  readonly name: string;
  /** Stays the caller's: the service does not close it. */
  readonly encoder: Pick<Encoder, 'encode' | 'vocabulary' | 'identity'> & Partial<Pick<Encoder, 'tokenize'>>;
}

/** What bounds a request for vectors. */
export interface Bounds {
  /** Ends the work: whoever finds that nobody waits for it any more aborts it. */
  readonly ending: AbortController;
  readonly deadlineMs: number;
}

const LATE = new Error('the deadline has passed');

/** A model behind its door: bounded, with deadlines, measured. */
export class ServedModel {
  readonly admission: Admission;

  constructor(
    readonly offered: OfferedModel,
    queue: number,
    readonly metrics: ServiceMetrics,
  ) {
    this.admission = new Admission({ texts: queue });
  }

  /**
   * The vectors of texts, in their order.
   * @throws {ServiceOverloaded} at once when the queue is full, or when the deadline passes. @throws {RequestRefused} when the model
   * fails on them; the reason of whoever aborted `ending`.
   */
  async encode(texts: readonly string[], as: Role, bounds: Bounds): Promise<Encoded[]> {
    const encoded = await this.#admitted(texts, bounds, (signal) => this.offered.encoder.encode(texts, { as, signal }));
    this.metrics.countTexts(this.offered.name, encoded);
    return encoded;
  }

  /**
   * The tokens of texts, in their order.
   * @throws as {@link encode}. @throws {RequestRefused} where the encoder does not tell its tokens.
   */
  tokenize(texts: readonly string[], bounds: Bounds): Promise<readonly TokenizedText[]> {
    const { encoder, name } = this.offered;
    if (!encoder.tokenize)
      throw new RequestRefused('Tokenizer', `model ${name} has no tokenizer here`, 'Ask for vectors');
    return this.#admitted(texts, bounds, (signal) => encoder.tokenize!(texts, { signal }));
  }

  async #admitted<T>(
    texts: readonly string[],
    { ending, deadlineMs }: Bounds,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    // `AbortSignal.timeout` would keep its timer for the whole deadline: of thousands of requests that are answered at once.
    const timer = setTimeout(() => ending.abort(LATE), deadlineMs);
    try {
      return await this.admission.admit(texts.length, () => work(ending.signal));
    } catch (thrown) {
      throw ending.signal.reason === LATE ? this.admission.tooLate(deadlineMs) : thrown;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Models by name; the first is the one that is meant where none is named. */
export class ServedModels {
  readonly #byName: ReadonlyMap<string, ServedModel>;

  constructor(readonly all: readonly [ServedModel, ...ServedModel[]]) {
    this.#byName = new Map(all.map((model) => [model.offered.name, model]));
  }

  /**
   * The model of a name and of weights, as far as a request says them: the first of those weights, where it gives no name.
   * @throws {RequestRefused} for a name that is not offered, or for weights that are not its.
   */
  meant(name: string | undefined, weights: string | undefined): ServedModel {
    const weightsOf = ({ offered }: ServedModel) => offered.encoder.identity.weights;
    if (weights === undefined) return this.named(name);
    const model = name === undefined ? this.all.find((one) => weightsOf(one) === weights) : this.named(name);
    if (model && weightsOf(model) === weights) return model;
    const there = this.all.map((one) => `${one.offered.name} with weights ${weightsOf(one)}`).join(', ');
    const remedy = 'Start the service with the model that the index was made with';
    throw new RequestRefused('Validation', `${there}; not ${weights}`, remedy, 409);
  }

  /** @throws {RequestRefused} for a name that is not offered. */
  named(name: string | undefined): ServedModel {
    if (name === undefined) return this.all[0];
    const model = this.#byName.get(name);
    if (model) return model;
    const remedy = `Ask for one of ${[...this.#byName.keys()].join(', ')}`;
    throw new RequestRefused('Validation', `no model ${JSON.stringify(name)} here`, remedy, 404);
  }
}
