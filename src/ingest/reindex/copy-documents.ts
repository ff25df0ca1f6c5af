import type { Encoder } from '../../encoder/encoder.js';
import type { Engine, PageOptions, RequestOptions } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { impatient } from '../bulk/patient-engine.js';
import type { DeadLetters } from '../dead-letters.js';
import { type IngestReport, IngestTally } from '../ingest-report.js';
import { ingest } from '../pipeline.js';
import type { WhichDocuments } from '../queries-for.js';
import { CopySink } from './copy-sink.js';
import { IndexSource } from './index-source.js';
import type { PreparedCopy } from './prepare-copy.js';
import { withPauses } from './with-pauses.js';

/** Passing over millions of documents that a copy has already settles none for half an hour: it is reported on all the same. Milliseconds. */
const REPORT_EVERY_MS = 10_000;

export interface CopyOptions extends RequestOptions, WhichDocuments {
  readonly encoder: Encoder;
  readonly slice?: PageOptions['slice'];
  readonly deadLetters?: DeadLetters;
  readonly batchBytes?: number;
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
}

/** How a copying stands. */
export interface CopyReport extends IngestReport {
  /** Documents that the copy had already, as they are. */
  readonly unchanged: number;
  /** How much of the source has been read, between 0 and 1, where that is known. */
  readonly share?: number;
}

/** Brings to the copy what it lacks of the source, encoding only that. @returns a report after each batch and every ten seconds, the result last. */
export async function* copyDocuments(
  engine: Engine,
  source: string,
  copy: PreparedCopy,
  given: CopyOptions,
): AsyncGenerator<CopyReport> {
  const left = new AbortController();
  const options = { ...given, signal: AbortSignal.any(given.signal ? [given.signal, left.signal] : [left.signal]) };
  const { index, plan } = copy;
  const tally = new IngestTally();
  const vectorFields = Object.keys(plan.vectors);
  // What is too much for the engine is read in smaller pages, not asked for once more.
  const documents = new IndexSource(impatient(engine), source, {
    ...{ ...options, copy: index, vectorFields },
  });
  const report = () => ({ ...tally.report(), unchanged: documents.unchanged, share: documents.progress() });
  const onRetry = (writes: number) => tally.addRetries(writes);
  await using sink = new CopySink(engine, source, copy, { ...options, onRetry });
  const batches = ingest(documents, sink, { ...options, vectors: plan.vectors });
  for await (const settled of withPauses(batches, REPORT_EVERY_MS, () => left.abort())) {
    if (settled) {
      await options.deadLetters?.put(settled.flatMap((item) => (item.ok ? [] : [item.refusal])));
      tally.add(settled);
    }
    yield report();
  }
  yield report();
}
