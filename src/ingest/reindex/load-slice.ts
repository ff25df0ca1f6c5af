import type { Engine, RequestOptions } from '../../engine/engine.js';
import type { IndexIdentity } from '../bulk/same-index.js';
import { RunGone } from '../ingest-faults.js';
import { type CopyReport, copyDocuments } from './copy-documents.js';
import { putLoadingSettings, restoreSettings } from './copy-settings.js';
import { deleteMissing } from './delete-missing.js';
import type { PreparedCopy } from './prepare-copy.js';
import type { ReindexOptions } from './reindex-options.js';
import { RunReplaced } from './run-faults.js';
import { type Run, type Standing, standingOf } from './runs.js';
import { accountOfRetry, accountOfWhole, isLoading, noteSlice, type SliceNote, slicesOf } from './slices.js';

const NOTE_EVERY_MS = 10_000;
/** For so long a process may go on with a run that others have ended. */
const LOOK_EVERY_MS = 1000;
/** How long a run that breaks off tries to tell of it. */
const LEAVING_MS = 15_000;
const NOTE_GONE = 'it was made anew, or its notes in termweave-runs were deleted';

/**
 * Loads one slice of a run, and notes how far it is. While slices load, a copy that nobody searches yet is neither refreshed nor replicated;
 * whichever is the last to leave, whatever happened, gives it its settings back. It stops where another process has ended the run.
 * @returns the slice's last report.
 * @throws {RunReplaced} where a run in other slices has taken the place of this one. {RunGone}
 */
export async function* loadSlice(
  engine: Engine,
  source: IndexIdentity,
  copy: PreparedCopy,
  run: Run,
  options: ReindexOptions,
): AsyncGenerator<CopyReport, CopyReport> {
  const { signal, slice = { part: 0, of: 1 }, again } = options;
  const part = { copy: copy.index, source: source.index, run: run.number, part: slice.part + 1, of: slice.of };
  const earlier = again && (await slicesOf(engine, copy.index, run, { signal })).find((one) => one.part === part.part);
  const account = again ? accountOfRetry(earlier) : accountOfWhole;
  let last: CopyReport | undefined;
  async function* reports(): AsyncGenerator<CopyReport> {
    for await (last of copyDocuments(engine, source.index, copy, { ...options, ids: again })) yield last;
  }
  const note = (state: SliceNote['state'], until: RequestOptions) =>
    noteSlice(engine, { ...part, ...account(state, last), at: Date.now() }, until);
  const leave = (state: SliceNote['state'], until: RequestOptions) =>
    note(state, until).then(() => restoreWhenLast(engine, copy.index, run, until));
  let isSettled = false;
  await note('running', { signal });
  try {
    // A copy that is searched keeps its replicas and goes on being refreshed, and so does one that is being finished.
    const isUnused = run.isFirst && run.state === 'loading' && !(await hasAlias(engine, copy.index, { signal }));
    if (isUnused) await putLoadingSettings(engine, copy.index, { signal });
    const look = () => standingOf(engine, copy.index, run, { signal });
    const standing = yield* whileUnderWay(reports(), look, () => note('running', { signal }));
    isSettled = isOver(standing);
    // Another copy's documents are not this run's to judge.
    if (standing === 'gone') throw new RunGone(copy.index, NOTE_GONE);
    // What was read here may be older than what others have checked the copy for: what the source has deleted since must not come back.
    if (isSettled || (standing === 'finishing' && last!.indexed > 0)) {
      await deleteMissing(engine, source, copy, options);
    }
    if (standing === 'replaced') throw new RunReplaced(copy.index, part.part, part.of);
    if (!isSettled) {
      isSettled = true;
      await leave('done', { signal });
    }
    return last!;
  } catch (thrown) {
    // Nor is what stands under the copy's name, with its settings.
    isSettled ||= thrown instanceof RunGone && thrown.index === copy.index;
    throw thrown;
  } finally {
    // Not by the caller's signal: an interrupted run says that it has ended, too. What broke it off is what is to be told, not that an engine
    // which is gone cannot be told of it.
    if (!isSettled) await leave('ended', { signal: AbortSignal.timeout(LEAVING_MS) }).catch(() => undefined);
  }
}

/** Hands reports on while there is a run to bring documents to, with a look at it and a note now and then. @returns how it stands at the end. */
async function* whileUnderWay(
  reports: AsyncIterable<CopyReport>,
  look: () => Promise<Standing>,
  note: () => Promise<void>,
): AsyncGenerator<CopyReport, Standing> {
  let [noted, looked] = [Date.now(), Date.now()];
  for await (const report of reports) {
    yield report;
    if (Date.now() - looked < LOOK_EVERY_MS) continue;
    looked = Date.now();
    const standing = await look();
    if (isOver(standing)) return standing;
    if (Date.now() - noted < NOTE_EVERY_MS) continue;
    noted = Date.now();
    await note();
  }
  return look();
}

function isOver(standing: Standing): boolean {
  return standing === 'ended' || standing === 'replaced' || standing === 'gone';
}

async function hasAlias(engine: Engine, copy: string, options: RequestOptions): Promise<boolean> {
  const { aliases } = await engine.describeIndex(copy, options);
  return aliases.length > 0;
}

async function restoreWhenLast(engine: Engine, copy: string, run: Run, options: RequestOptions): Promise<void> {
  const slices = await slicesOf(engine, copy, run, options);
  if (slices.some(isLoading)) return;
  await restoreSettings(engine, copy, options);
}
