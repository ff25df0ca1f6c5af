import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, PageOptions, Write } from '../../engine/engine.js';
import type { RetryPolicy } from '../bulk/backoff.js';
import { EngineSink, wholeDocument } from '../bulk/engine-sink.js';
import { runEngine } from '../bulk/run-engine.js';
import { identityOf } from '../bulk/same-index.js';
import type { DeadLetters } from '../dead-letters.js';
import { type IngestReport, IngestTally } from '../ingest-report.js';
import { ingest } from '../pipeline.js';
import { type CheckedTarget, checkCopy, isVerified } from '../reindex/check-copy.js';
import { HASH_FIELD } from '../reindex/content-hash.js';
import type { PrepareCopyOptions } from '../reindex/prepare-copy.js';
import { describeSource } from '../reindex/whole-source.js';
import type { EncodedDocument, Settled } from '../sink.js';
import { OwnDocuments } from './own-documents.js';
import { prepareFields } from './prepare-fields.js';

export interface AddVectorsOptions extends PrepareCopyOptions {
  readonly query?: JsonObject;
  readonly slice?: PageOptions['slice'];
  readonly deadLetters?: DeadLetters;
  readonly batchBytes?: number;
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
}

/** How adding vectors stands. */
export interface AddVectorsProgress extends IngestReport {
  readonly done?: undefined;
  readonly unchanged: number;
}

/** How it ended. */
export interface AddVectorsResult {
  readonly done: true;
  /** Documents whose vectors are right. */
  readonly documents: number;
  readonly failed: number;
  /** Whether vectors and scores were compared, and right; false where no document has text to make a query of, or all that were drawn have changed since. */
  readonly verified: boolean;
  readonly seconds: number;
  /** Vectors compared, those of 20 documents drawn: what `verified` rests on beside scores. Documents that others have changed since are not among them. */
  readonly vectors: number;
  /** Scores compared. */
  readonly scores: number;
  /** Writes that came too late, for the document had been changed meanwhile; those documents were read and encoded again. */
  readonly conflicts: number;
}

const CONFLICT = 409;
const GONE = 404;
/** A document that is changed faster than it can be encoded goes to the dead letters after so many attempts. */
const MOST_PASSES = 10;
const PAUSE_MS = 500;

/**
 * Adds vectors to the documents of an index, in the index itself, while it is read and written. Each write says which state of the document
 * it was made from, and the engine refuses it where the document has changed since; that document is then read again. What has its vector is
 * passed over: ended at any moment, the same call goes on; called again later, it brings vectors for what was written meanwhile.
 * @throws {CopyNotRight} {PlanDiffers} {ModelMismatch} {FieldsUnknown} {FieldTaken} {QueryRefused} {AliasShowsPart} {FieldsNotInSource} {FinalPipelineRuns} {IndexBlocked} {EngineStaysBusy} {RunGone}
 */
export async function* addVectors(
  cluster: Engine,
  index: string,
  options: AddVectorsOptions,
): AsyncGenerator<AddVectorsProgress | AddVectorsResult> {
  const began = performance.now();
  const { signal } = options;
  const description = await describeSource(cluster, index, { signal });
  // An engine that has answered once is waited for when it cannot answer.
  const engine = runEngine(cluster, identityOf(description), options.retry);
  const target = await prepareFields(engine, description, options);
  const tally = new IngestTally();
  let ids: readonly string[] | undefined;
  let conflicts = 0;
  let unchanged = 0;
  for (let pass = 1; ; pass++) {
    const late: string[] = [];
    const own = new OwnDocuments(engine, target.index, {
      ...{ unhashed: unhashedOf(target), slice: options.slice, retry: options.retry, query: options.query, ids },
    });
    for await (const settled of write(engine, target, own, options, tally)) {
      const kept = settled.filter((item) => pass === MOST_PASSES || !isLate(item)).filter((item) => !isGone(item));
      late.push(...settled.flatMap((item) => (pass < MOST_PASSES && isLate(item) ? [item.document!.id] : [])));
      await options.deadLetters?.put(kept.flatMap((item) => (item.ok ? [] : [item.refusal])));
      tally.add(kept);
      yield { ...tally.report(), unchanged: unchanged + own.unchanged };
    }
    unchanged += own.unchanged;
    conflicts += late.length;
    if (late.length === 0) break;
    ids = late;
    await sleep(PAUSE_MS, undefined, { signal });
  }
  const { indexed, failed } = tally.report();
  const checked = await checkCopy(engine, target, options);
  const seconds = Math.round(performance.now() - began) / 1000;
  const documents = indexed + unchanged;
  yield {
    done: true,
    documents,
    failed,
    verified: isVerified(checked, failed),
    seconds,
    vectors: checked.vectors,
    scores: checked.scores,
    conflicts,
  };
}

/** Not only vectors: an update writes the whole document anew, and what it alters by itself must not call for another one. */
function unhashedOf({ plan, drifting = [] }: CheckedTarget): string[] {
  return [...Object.keys(plan.vectors), ...drifting];
}

function write(
  engine: Engine,
  target: CheckedTarget,
  own: OwnDocuments,
  options: AddVectorsOptions,
  tally: IngestTally,
) {
  const onRetry = (writes: number) => tally.addRetries(writes);
  const sink = new EngineSink(engine, target.index, { ...options, dialect: target.dialect, onRetry, writeOf });
  return ingest(own, sink, { ...options, vectors: target.plan.vectors });
}

/**
 * A partial update, where the document has no vectors yet. Where it has, an update would mix the old vector's entries into the new one, for
 * engines merge objects: the document is then written whole.
 */
function writeOf(document: EncodedDocument, vectors: JsonObject): Write {
  const { id, routing, source, version } = document;
  if (Object.keys(vectors).some((field) => Object.hasOwn(source, field))) {
    // Past the index's own pipeline, which has been over the document before.
    return { ...wholeDocument(document, vectors), pipeline: '_none' };
  }
  const doc = { ...vectors, [HASH_FIELD]: source[HASH_FIELD] };
  return { kind: 'update', id, routing, doc, ifSeqNo: version!.seqNo, ifPrimaryTerm: version!.primaryTerm };
}

function isLate(item: Settled): item is Settled & { ok: false } {
  return !item.ok && item.refusal.status === CONFLICT;
}

/** Deleted while it was encoded. */
function isGone(item: Settled): boolean {
  return !item.ok && item.refusal.status === GONE && item.refusal.type === 'document_missing_exception';
}
