import type { Outcome } from '../engine/engine.js';
import type { Sink } from '../ingest/sink.js';
import { NameNotCarried, QuantisationUnfit } from './export-faults.js';
import type { ExportFormat } from './export-format.js';
import type { LossMeter } from './loss-meter.js';
import type { Quantisation } from './quantisation.js';
import { mustBeWhole, quantise } from './quantise.js';
import type { TokenVector } from './token-vector.js';
import type { SourcedVector } from './vector-source.js';

/** A vector, and how many items its source had given with it. */
export interface CountedVector extends SourcedVector {
  readonly read: number;
}

export interface ExportSinkOptions {
  readonly format: ExportFormat;
  readonly quantisation: Quantisation;
  readonly meter: LossMeter;
  /** Whether a vector that the format cannot carry is refused; otherwise it ends the export. */
  readonly refuse: boolean;
  /** @param read how many items of the source are settled with this vector. */
  put(vector: TokenVector, read: number): Promise<void>;
}

const BATCH_BYTES = 1_000_000;
/** A term of a vector in memory, roughly. */
const BYTES_PER_TERM = 24;

/** Another system's files as a {@link Sink}: quantised, checked, and written one after the other, in the order of the source. */
export class ExportSink implements Sink<CountedVector> {
  readonly concurrency = 1;
  readonly batchBytes = BATCH_BYTES;
  readonly #options: ExportSinkOptions;
  #underWay: Promise<Outcome[]> = Promise.resolve([]);
  #closed = false;

  constructor(options: ExportSinkOptions) {
    this.#options = options;
  }

  bytesOf({ tokens }: CountedVector): number {
    return tokens.length * BYTES_PER_TERM;
  }

  write(vectors: readonly CountedVector[]): Promise<Outcome[]> {
    this.#underWay = this.#writeAll(vectors);
    return this.#underWay;
  }

  async finish(): Promise<void> {
    // Files are put in place when both sides are there: a matrix has the columns of both.
  }

  /** Nothing is written after it: the pipeline may have handed over a batch that nobody waits for any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#underWay.catch(() => undefined);
  }

  async #writeAll(vectors: readonly CountedVector[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const vector of vectors) {
      if (this.#closed) break;
      outcomes.push(await this.#write(vector));
    }
    return outcomes;
  }

  async #write(vector: CountedVector): Promise<Outcome> {
    const { quantisation, meter, refuse, put } = this.#options;
    let quantised: TokenVector;
    try {
      quantised = quantise(vector, quantisation, meter, (impacts) => this.#mustCarry(impacts));
    } catch (thrown) {
      if (!refuse || !(thrown instanceof NameNotCarried || thrown instanceof QuantisationUnfit)) throw thrown;
      return { ok: false, id: vector.id, status: 400, type: thrown.code.toLowerCase(), reason: thrown.found };
    }
    await put(quantised, vector.read);
    return { ok: true, id: vector.id, result: 'created' };
  }

  #mustCarry(quantised: TokenVector): void {
    const { format, quantisation } = this.#options;
    if (format.whole) mustBeWhole(quantised, format.name, quantisation);
    mustCarry(format, quantised.id, 'id');
    for (const token of quantised.tokens) mustCarry(format, token, 'token');
  }
}

function mustCarry(format: ExportFormat, name: string, what: 'token' | 'id'): void {
  const reason = format.refuses(name, what);
  if (reason !== undefined) throw new NameNotCarried(format.name, name, reason);
}
