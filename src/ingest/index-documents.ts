import type { Engine } from '../engine/engine.js';
import type { RetryPolicy } from './bulk/backoff.js';
import { EngineSink } from './bulk/engine-sink.js';
import { patient } from './bulk/patient-engine.js';
import type { DeadLetters } from './dead-letters.js';
import { DocumentRefused } from './ingest-faults.js';
import { type IngestReport, IngestTally } from './ingest-report.js';
import { ingest } from './pipeline.js';
import { type PrepareOptions, prepareIndex } from './prepare-index.js';
import type { Refusal, Source } from './source.js';
import { tracedSteps } from './telemetry/traced.js';

export interface IndexDocumentsOptions extends PrepareOptions {
  /** Where refused items go. Without it they are only counted. */
  readonly deadLetters?: DeadLetters;
  /** Stop at the first item that cannot be used. */
  readonly strict?: boolean;
  readonly batchBytes?: number;
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
}

/**
 * Encodes the documents of a source into an index, which is made if it is not there. Run again over the same documents, it writes
 * the same ones again: ids are explicit.
 * @returns a report after each batch; the last one, after the index was refreshed, is the result.
 * @throws {NoVectorPlan} {ModelMismatch} {PlanDiffers} {IndexBlocked} {EngineStaysBusy}; with `strict`, {@link DocumentRefused}
 */
export function indexDocuments(
  engine: Engine,
  index: string,
  source: Source,
  options: IndexDocumentsOptions,
): AsyncGenerator<IngestReport> {
  return tracedSteps('termweave.index', { 'termweave.index': index }, steps(engine, index, source, options));
}

async function* steps(
  cluster: Engine,
  index: string,
  source: Source,
  options: IndexDocumentsOptions,
): AsyncGenerator<IngestReport> {
  const engine = patient(cluster, options.retry);
  const { plan, dialect } = await prepareIndex(engine, index, options);
  const tally = new IngestTally();
  const onRetry = (writes: number) => tally.addRetries(writes);
  await using sink = new EngineSink(engine, index, { ...options, dialect, onRetry });
  for await (const settled of ingest(source, sink, { ...options, vectors: plan.vectors })) {
    const refusals = settled.flatMap((item) => (item.ok ? [] : [item.refusal]));
    await options.deadLetters?.put(refusals);
    tally.add(settled);
    if (options.strict && refusals.length > 0) throw faultOf(refusals[0]!);
    yield tally.report();
  }
  yield tally.report();
}

function faultOf({ id, line, type, reason }: Refusal): DocumentRefused {
  return new DocumentRefused(id, line, type, reason);
}
