import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import type { Encoder } from '../../encoder/encoder.js';
import type { Engine, PageOptions, RequestOptions, Write } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { EngineSink, wholeDocument } from '../bulk/engine-sink.js';
import type { DeadLetters } from '../dead-letters.js';
import { type IngestReport, IngestTally } from '../ingest-report.js';
import { ingest } from '../pipeline.js';
import type { EncodedDocument } from '../sink.js';
import { IndexSource } from './index-source.js';
import type { PreparedCopy } from './prepare-copy.js';

export interface CopyOptions extends RequestOptions {
  readonly encoder: Encoder;
  readonly query?: JsonObject;
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

/** Brings to the copy what it lacks of the source, encoding only that. @returns a report after each batch, the result last. */
export async function* copyDocuments(
  engine: Engine,
  source: string,
  { index, plan, dialect }: PreparedCopy,
  options: CopyOptions,
): AsyncGenerator<CopyReport> {
  const tally = new IngestTally();
  const vectorFields = Object.keys(plan.vectors);
  const documents = new IndexSource(engine, source, {
    ...{ ...options, copy: index, vectorFields, source: withVectors(dialect) },
  });
  const report = () => ({ ...tally.report(), unchanged: documents.unchanged, share: documents.progress() });
  const onRetry = (writes: number) => tally.addRetries(writes);
  await using sink = new EngineSink(engine, index, { ...options, dialect, onRetry, writeOf: asItIs });
  for await (const settled of ingest(documents, sink, { ...options, vectors: plan.vectors })) {
    await options.deadLetters?.put(settled.flatMap((item) => (item.ok ? [] : [item.refusal])));
    tally.add(settled);
    yield report();
  }
  yield report();
}

/** The source's ingest pipeline has been over the document before. */
function asItIs(document: EncodedDocument, vectors: JsonObject): Write {
  return { ...wholeDocument(document, vectors), pipeline: '_none' };
}

/** The `_source` of a search whose answers have every field, vectors among them. */
export function withVectors({ sourceWithVectors }: Pick<Dialect, 'sourceWithVectors'>): unknown {
  return Object.keys(sourceWithVectors).length > 0 ? sourceWithVectors : true;
}
