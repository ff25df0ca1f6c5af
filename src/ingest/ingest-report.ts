import { entriesOf, type Settled } from './sink.js';
import { IngestMetrics } from './telemetry/ingest-metrics.js';

/** How a run stands, or ended. */
export interface IngestReport {
  /** Documents written. */
  readonly indexed: number;
  /** Those of them that replaced a document of the same id. */
  readonly updated: number;
  /** Items that went to the dead letters. */
  readonly failed: number;
  /** Seconds since it began. */
  readonly seconds: number;
  /** Tokens that went through the model. */
  readonly tokens: number;
  /** Documents whose text was longer than the model's limit: their end is not in the vector. */
  readonly truncated: number;
  /** Documents without text: their vectors have no entries. */
  readonly empty: number;
  /** Entries of all vectors. */
  readonly nonZeros: number;
  /** Writes that were sent again. */
  readonly retries: number;
  /** How many items failed for which reason, by type. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Counts what became of documents. */
export class IngestTally {
  readonly #began = performance.now();
  readonly #metrics = new IngestMetrics();
  #indexed = 0;
  #updated = 0;
  #failed = 0;
  #tokens = 0;
  #truncated = 0;
  #empty = 0;
  #nonZeros = 0;
  #retries = 0;
  readonly #failures: Record<string, number> = {};

  add(settled: readonly Settled[]): void {
    for (const item of settled) {
      this.#metrics.settled(item);
      if (item.ok) this.#addWritten(item);
      else this.#addFailed(item.refusal.type);
    }
  }

  addRetries(writes: number): void {
    this.#retries += writes;
    this.#metrics.retried(writes);
  }

  report(): IngestReport {
    return {
      indexed: this.#indexed,
      updated: this.#updated,
      failed: this.#failed,
      seconds: Math.round(performance.now() - this.#began) / 1000,
      tokens: this.#tokens,
      truncated: this.#truncated,
      empty: this.#empty,
      nonZeros: this.#nonZeros,
      retries: this.#retries,
      failures: { ...this.#failures },
    };
  }

  #addWritten({ document, result }: Settled & { ok: true }): void {
    const { tokens, truncated } = document;
    this.#indexed++;
    if (result === 'updated') this.#updated++;
    this.#tokens += tokens;
    if (truncated) this.#truncated++;
    if (tokens === 0) this.#empty++;
    this.#nonZeros += entriesOf(document);
  }

  #addFailed(type: string): void {
    this.#failed++;
    this.#failures[type] = (this.#failures[type] ?? 0) + 1;
  }
}
