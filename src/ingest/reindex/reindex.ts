import type { Engine, IndexDescription } from '../../engine/engine.js';
import { patient } from '../bulk/patient-engine.js';
import { runEngine } from '../bulk/run-engine.js';
import { identityOf, uuidOf } from '../bulk/same-index.js';
import { DistinctDeadLetters } from '../dead-letters.js';
import { tracedSteps } from '../telemetry/traced.js';
import { isVerified } from './check-copy.js';
import type { CopyReport } from './copy-documents.js';
import { finishRun } from './finish-run.js';
import { type FollowField, followField } from './follow-field.js';
import { Follower } from './follower.js';
import { loadSlice } from './load-slice.js';
import { prepareNotes } from './notes.js';
import { planReindex } from './plan-reindex.js';
import { type PreparedCopy, prepareCopy } from './prepare-copy.js';
import type { ReindexOptions } from './reindex-options.js';
import { RunCount } from './run-count.js';
import { joinRun, type Run } from './runs.js';
import { isDone, slicesOf } from './slices.js';
import { describeSource } from './whole-source.js';

/** How a reindex stands. */
export interface ReindexProgress extends CopyReport {
  readonly done?: undefined;
}

/** How a reindex ended. */
export interface ReindexResult {
  readonly done: true;
  /** Documents in the copy; of a slice that did not finish the run, those that it brought or found there. */
  readonly documents: number;
  readonly failed: number;
  /**
   * Whether the copy was found complete, and its vectors and scores right. False while other slices are not done, where another one checks, and where
   * no document has text to make a query of, or others have written or changed all that were drawn.
   */
  readonly verified: boolean;
  readonly seconds: number;
  /** Vectors compared, those of 20 documents drawn: what `verified` rests on beside scores. Documents that others have changed since are not among them. */
  readonly vectors: number;
  /** Scores compared. */
  readonly scores: number;
  /** Slices that are not done. */
  readonly waitingFor: number;
  /** Where the alias stood before, if it was moved. */
  readonly movedFrom?: readonly string[];
}

/**
 * Makes a copy of an index with vectors, while the index goes on serving. Ended at any moment, the same call goes on where it was.
 * @param source an index, or an alias of one. It is only read.
 * @returns progress after each batch and every ten seconds, and the result last.
 * @throws {NameUnusable} {FieldsUnknown} {QueryRefused} {FollowFieldUnfit} {NotTheCopy} {CopyNotRight} {DocumentsFailed} {FieldTaken} {AliasIsIndex} {AliasHasOthers} {AliasShowsPart} {IndexBlocked} {EngineStaysBusy} {ModelMismatch} {PlanDiffers} {RunUnderWay} {SlicesDone} {RunReplaced} {RunGone}
 */
export function reindex(
  engine: Engine,
  source: string,
  options: ReindexOptions,
): AsyncGenerator<ReindexProgress | ReindexResult> {
  const { to, slice: { part, of } = { part: 0, of: 1 } } = options;
  const attributes = { 'termweave.source': source, 'termweave.copy': to, 'termweave.slice': `${part + 1}/${of}` };
  return tracedSteps('termweave.reindex', attributes, steps(engine, source, options));
}

async function* steps(
  cluster: Engine,
  source: string,
  given: ReindexOptions,
): AsyncGenerator<ReindexProgress | ReindexResult> {
  const began = performance.now();
  const letters = new DistinctDeadLetters(given.deadLetters);
  const { signal } = given;
  const description = await describeSource(cluster, source, { signal });
  // An engine that has answered once is waited for when it cannot answer.
  const waiting = patient(cluster, given.retry);
  await planReindex(waiting, description, given);
  const begun = await beginning(waiting, description, given);
  const copy = await prepareCopy(waiting, description, given.to, given);
  const engine = runEngine(cluster, copy, given.retry);
  const options = { ...given, deadLetters: letters, query: copy.query };
  const { run, follower } = await begin(engine, description, copy, begun, options);
  const last = yield* loadSlice(engine, identityOf(description), copy, run, options);
  const done = (await slicesOf(engine, copy.index, run, { signal })).filter(isDone);
  const waitingFor = run.of - done.length;
  const count = new RunCount(done, letters, last, follower);
  const finish = { source: description, copy, run, follower, count };
  const finished = waitingFor > 0 ? undefined : await finishRun(engine, finish, options);
  yield {
    done: true,
    documents: finished && run.of === 1 ? finished.documents : last.indexed + last.unchanged,
    failed: letters.documents,
    verified: finished !== undefined && isVerified(finished, count.failed),
    seconds: Math.round(performance.now() - began) / 1000,
    vectors: finished?.vectors ?? 0,
    scores: finished?.scores ?? 0,
    waitingFor,
    movedFrom: finished?.movedFrom,
  };
}

/** Where the source stands before anything of it is read: what changes from then on is followed. */
interface Beginning {
  readonly field?: FollowField;
  readonly mark?: unknown;
  readonly writes: string;
}

/** Before there is a copy: one that is made stands without replicas until a slice of it has been loaded. */
async function beginning(engine: Engine, source: IndexDescription, options: ReindexOptions): Promise<Beginning> {
  const { signal, follow, followOverlap } = options;
  const field = follow === undefined ? undefined : followField(engine, source, follow, followOverlap);
  await prepareNotes(engine, { signal });
  const mark = field && (await field.highest({ signal }));
  const writes = await engine.writeMark(source.name, { signal });
  // What was written before, and is in no point in time yet, is read, too.
  await engine.refresh(source.name, { signal });
  return { field, mark, writes };
}

async function begin(
  engine: Engine,
  source: IndexDescription,
  copy: PreparedCopy,
  { field, mark, writes }: Beginning,
  options: ReindexOptions,
) {
  const { signal, slice: { of } = { of: 1 }, follow, again, anew } = options;
  const asked = { of, source: source.name, sourceUuid: uuidOf(source), uuid: copy.uuid, follow, mark, writes };
  const run: Run = await joinRun(engine, copy.index, asked, { signal, reopen: again !== undefined, anew });
  const { slice: _, ...whole } = options;
  // The mark of another field says nothing of this one: then everything is compared.
  const since = run.follow === follow ? run.mark : undefined;
  const follower = field && new Follower(engine, identityOf(source), copy, field, since, whole);
  return { run, follower };
}
