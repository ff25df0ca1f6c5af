import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { EngineRefused, IndexNotFound } from '../../engine/engine-faults.js';
import { NOTES, writeNote } from './notes.js';
import { RunUnderWay, SlicesDone } from './run-faults.js';
import { isDone, isLoading, slicesOf } from './slices.js';

/**
 * One making of a copy, by one process or by as many as there are slices. It begins with the first slice and ends with the check of the
 * whole; what slices of an earlier run have done does not count in it, for the source may have changed since.
 */
export interface Run {
  readonly number: number;
  readonly of: number;
  readonly source: string;
  /** The source's own identity: one that was made anew has other documents. */
  readonly sourceUuid: string;
  /** The copy's own identity: one that was deleted and made again begins anew. */
  readonly uuid: string;
  /** The field to follow. */
  readonly follow?: string;
  /** Where that field stood before the first slice began; absent where there was no value. */
  readonly mark?: unknown;
  /** What had been written to the source before the first slice began: see `Engine.writeMark`. */
  readonly writes?: string;
  /** Whether the copy has never been whole: nobody searches it yet. */
  readonly isFirst: boolean;
  readonly state: 'loading' | 'finishing' | 'done';
  /** Which part finishes, and when it last said so, in milliseconds since 1970. */
  readonly by?: number;
  readonly at?: number;
  /** Names the claim of the process that finishes: by it a process knows its own note, also one whose answer it never got. */
  readonly claim?: string;
  /** Whether an attempt to finish has found all that was brought, before it deleted anything: what it has deleted since is in no note. */
  readonly wasWhole?: boolean;
}

/** What two processes of one run have in common. */
const SAME_RUN = ['of', 'source', 'sourceUuid', 'uuid'] as const;

/** A process that has been finishing for so long is taken for dead; should it live, its next step fails. */
const FINISHING_MS = 600_000;

export interface JoinOptions extends RequestOptions {
  /** Go on with the last run, where it is done. */
  readonly reopen?: boolean;
  /** Take the place of a run in other slices although some of them are done. */
  readonly anew?: boolean;
}

/**
 * Joins the run under way, or begins the next one where the last is done.
 * @throws {@link RunUnderWay} where processes are at work on one in other slices. {@link SlicesDone} where some of those are done, and others not.
 */
export async function joinRun(
  engine: Engine,
  copy: string,
  asked: Pick<Run, 'of' | 'source' | 'sourceUuid' | 'uuid' | 'follow' | 'mark' | 'writes'>,
  { reopen, anew, ...options }: JoinOptions,
): Promise<Run> {
  await mustReplaceNothing(engine, copy, asked, { ...options, anew });
  const joined = await changeRun(engine, copy, options, (run) => {
    const isSame = run !== undefined && SAME_RUN.every((key) => run[key] === asked[key]);
    if (isSame && run.state !== 'done') return run;
    const isFirst = run?.uuid !== asked.uuid || (run.isFirst && run.state !== 'done');
    return isSame && reopen
      ? { ...run, isFirst, state: 'loading' }
      : { ...asked, isFirst, number: (run?.number ?? 0) + 1, state: 'loading' };
  });
  return joined!;
}

async function mustReplaceNothing(
  engine: Engine,
  copy: string,
  { of, uuid }: Pick<Run, 'of' | 'uuid'>,
  { anew, ...options }: JoinOptions,
): Promise<void> {
  const run = (await readRun(engine, copy, options))?.run;
  if (!run || run.of === of || run.uuid !== uuid || run.state === 'done') return;
  const slices = await slicesOf(engine, copy, run, options);
  if (isBeingFinished(run) || slices.some(isLoading)) throw new RunUnderWay(copy, of, run.of);
  const done = slices.filter(isDone).map(({ part }) => part);
  // All of them: then nothing waits for a slice that nobody brings.
  const isPartly = done.length > 0 && done.length < run.of;
  if (isPartly && !anew) throw new SlicesDone(copy, of, run.of, done);
}

/** Takes it upon this part to finish the run; `undefined` where another part does, or has done so. */
export function claimRun(engine: Engine, copy: string, { number }: Run, part: number, options: RequestOptions) {
  return changeRun(engine, copy, options, (run) => {
    if (run?.number !== number || run.state === 'done') return undefined;
    return isBeingFinished(run) && run.by !== part
      ? undefined
      : { ...run, state: 'finishing', by: part, at: Date.now(), claim: randomUUID() };
  });
}

/** Whether a process finishes a run, as far as it has told. */
function isBeingFinished({ state, at = 0 }: Run): boolean {
  return state === 'finishing' && Date.now() - at < FINISHING_MS;
}

/** Takes the next step in a run that was claimed; `undefined`, and nothing is changed, where another part has taken it over meanwhile. */
export function stepOn(
  engine: Engine,
  copy: string,
  claimed: Run,
  next: Pick<Run, 'state' | 'wasWhole'>,
  options: RequestOptions,
) {
  return changeRun(engine, copy, options, (run) =>
    run?.number === claimed.number && run.claim === claimed.claim ? { ...run, ...next, at: Date.now() } : undefined,
  );
}

/**
 * How a run stands for a process in it. `finishing`: others may have looked already for what must go from the copy. `ended` by others, or `replaced`
 * by one in other slices: there is nothing to bring any more. `gone`: its note is not there, or is that of a copy which was made anew.
 */
export type Standing = 'loading' | 'finishing' | 'ended' | 'replaced' | 'gone';

/** Looks how a run stands by now. */
export async function standingOf(
  engine: Engine,
  copy: string,
  { number, of, uuid }: Run,
  options: RequestOptions,
): Promise<Standing> {
  const run = (await readRun(engine, copy, options))?.run;
  if (run?.uuid !== uuid) return 'gone';
  if (run.number === number && run.state !== 'done') return run.state;
  // The next one in the same slices began when this one was done.
  return run.of === of ? 'ended' : 'replaced';
}

/**
 * Replaces what is written of a run by what `change` makes of it, guarded by its sequence number: where another process was quicker,
 * `change` is asked again. `undefined`, and the run as it is, write nothing.
 */
async function changeRun(
  engine: Engine,
  copy: string,
  options: RequestOptions,
  change: (run: Run | undefined) => Run | undefined,
): Promise<Run | undefined> {
  while (true) {
    const found = await readRun(engine, copy, options);
    const next = change(found?.run);
    if (next === undefined || next === found?.run) return next;
    const source: JsonObject = { ...next };
    const { ifSeqNo, ifPrimaryTerm } = found ?? {};
    const written = await writeNote(
      engine,
      // Whole: what the last run noted and this one does not must not stay.
      found ? { kind: 'index', id: copy, source, ifSeqNo, ifPrimaryTerm } : { kind: 'create', id: copy, source },
      options,
    );
    if (written) return next;
    // Ours all the same, where the answer to the first attempt was lost.
    const now = await readRun(engine, copy, options);
    if (now && JSON.stringify(sorted(now.run)) === JSON.stringify(sorted(next))) return next;
  }
}

interface FoundRun {
  readonly run: Run;
  readonly ifSeqNo: number;
  readonly ifPrimaryTerm: number;
}

/** What is written of the last run of a copy, read by id, which sees every write at once; `undefined` where there was none, or nobody has made notes. */
export async function readRun(engine: Engine, copy: string, { signal }: RequestOptions): Promise<FoundRun | undefined> {
  try {
    const path = `/${NOTES}/_doc/${encodeURIComponent(copy)}`;
    const answer = (await engine.request({ method: 'GET', path, signal })) as JsonObject;
    return {
      run: answer._source as Run,
      ifSeqNo: Number(answer._seq_no),
      ifPrimaryTerm: Number(answer._primary_term),
    };
  } catch (thrown) {
    const isMissing = thrown instanceof IndexNotFound || (thrown instanceof EngineRefused && thrown.status === 404);
    if (isMissing) return undefined;
    throw thrown;
  }
}

function sorted(run: Run): [string, unknown][] {
  return Object.entries(run).sort(([a], [b]) => (a < b ? -1 : 1));
}
