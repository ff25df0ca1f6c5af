import { metrics } from '@opentelemetry/api';
import { entriesOf, type Settled } from '../sink.js';
import { INSTRUMENTATION } from './traced.js';

/** What becomes of documents, as OpenTelemetry counters. Where the application has set up no metrics, the API does nothing. */
export class IngestMetrics {
  readonly #meter = metrics.getMeter(INSTRUMENTATION);
  readonly #documents = this.#meter.createCounter('termweave.ingest.documents', {
    description: 'Documents by fate: created, updated, or the type of the refusal',
  });
  readonly #tokens = this.#meter.createCounter('termweave.ingest.tokens', {
    description: 'Tokens that went through the model',
  });
  readonly #entries = this.#meter.createCounter('termweave.ingest.entries', {
    description: 'Entries of the vectors written',
  });
  readonly #retries = this.#meter.createCounter('termweave.ingest.retries', {
    description: 'Writes that were sent again',
  });

  settled(item: Settled): void {
    if (!item.ok) {
      this.#documents.add(1, { outcome: 'failed', 'error.type': item.refusal.type });
      return;
    }
    const { tokens } = item.document;
    this.#documents.add(1, { outcome: item.result });
    this.#tokens.add(tokens);
    this.#entries.add(entriesOf(item.document));
  }

  retried(writes: number): void {
    this.#retries.add(writes);
  }
}
