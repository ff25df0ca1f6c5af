import type { Engine, RequestOptions } from '../../engine/engine.js';
import { type CopyReport, copyDocuments } from './copy-documents.js';
import { putLoadingSettings, restoreSettings } from './copy-settings.js';
import { deleteMissing } from './delete-missing.js';
import type { PreparedCopy } from './prepare-copy.js';
import type { ReindexOptions } from './reindex-options.js';
import { isLoaded, type Run } from './runs.js';
import { isLoading, noteSlice, readSlices, type SliceNote } from './slices.js';

const NOTE_EVERY_MS = 10_000;
/** For so long a process may go on with a run that others have ended. */
const LOOK_EVERY_MS = 1000;
/** How long a run that breaks off tries to tell of it. */
const LEAVING_MS = 15_000;

/**
 * Loads one slice of a run, and notes how far it is. While slices load, a copy that nobody searches yet is neither refreshed nor replicated;
 * whichever is the last to leave, whatever happened, gives it its settings back. It stops where another process has ended the run, or begun the
 * next one.
 * @returns the slice's last report.
 */
export async function* loadSlice(
  engine: Engine,
  source: string,
  copy: PreparedCopy,
  run: Run,
  options: ReindexOptions,
): AsyncGenerator<CopyReport, CopyReport> {
  const { signal, slice = { part: 0, of: 1 } } = options;
  const note = (state: SliceNote['state'], report: CopyReport | undefined, until: RequestOptions) => {
    const { indexed = 0, unchanged = 0, failed = 0 } = report ?? {};
    const part = { run: run.number, part: slice.part + 1, of: slice.of, at: Date.now() };
    const counts = { documents: (earlier?.documents ?? 0) + indexed + (earlier ? 0 : unchanged), failed };
    return noteSlice(engine, { copy: copy.index, source, ...part, state, ...counts }, until);
  };
  // Retried documents come to those that the slice has brought before; it is then as far as it was.
  const earlier = options.again && (await noteOf(engine, copy.index, run, slice.part + 1, { signal }));
  let last: CopyReport | undefined;
  let state: SliceNote['state'] = 'ended';
  let isOver = false;
  await note('running', undefined, { signal });
  try {
    // A copy that is searched keeps its replicas and goes on being refreshed, and so does one that is being finished.
    const isUnused = run.isFirst && run.state === 'loading' && !(await hasAlias(engine, copy.index, { signal }));
    if (isUnused) await putLoadingSettings(engine, copy.index, { signal });
    let [noted, looked] = [Date.now(), Date.now()];
    for await (const report of bring(engine, source, copy, options)) {
      yield report;
      last = report;
      if (Date.now() - looked < LOOK_EVERY_MS) continue;
      looked = Date.now();
      isOver = !(await isLoaded(engine, copy.index, run, { signal }));
      if (isOver) break;
      if (Date.now() - noted < NOTE_EVERY_MS) continue;
      noted = Date.now();
      await note('running', report, { signal });
    }
    isOver ||= !(await isLoaded(engine, copy.index, run, { signal }));
    if (isOver) {
      // What was read here is older than what the copy has been checked for: what the source has deleted since must not come back.
      await deleteMissing(engine, source, copy, { signal });
      return last!;
    }
    state = options.again ? (earlier?.state ?? 'ended') : 'done';
    return last!;
  } finally {
    // Not by the caller's signal: an interrupted run says that it has ended, too.
    const until = { signal: state === 'done' ? signal : AbortSignal.timeout(LEAVING_MS) };
    const left = isOver
      ? Promise.resolve()
      : note(state, last, until).then(() => leave(engine, copy.index, run, until));
    // What broke the loading off is what is to be told, not that an engine which is gone cannot be told of it.
    await (state === 'done' ? left : left.catch(() => undefined));
  }
}

async function* bring(engine: Engine, source: string, copy: PreparedCopy, options: ReindexOptions) {
  const { again, query } = options;
  if (!again) return yield* copyDocuments(engine, source, copy, options);
  const ids = { ids: { values: again } };
  yield* copyDocuments(engine, source, copy, { ...options, query: { bool: { filter: query ? [query, ids] : [ids] } } });
}

async function noteOf(engine: Engine, copy: string, run: Run, part: number, options: RequestOptions) {
  const slices = await readSlices(engine, copy, run.of, options);
  return slices.find((slice) => slice.run === run.number && slice.part === part && slice.of === run.of);
}

async function hasAlias(engine: Engine, copy: string, options: RequestOptions): Promise<boolean> {
  const { aliases } = await engine.describeIndex(copy, options);
  return aliases.length > 0;
}

async function leave(engine: Engine, copy: string, run: Run, options: RequestOptions): Promise<void> {
  const slices = await readSlices(engine, copy, run.of, options);
  if (slices.some((slice) => slice.run === run.number && isLoading(slice))) return;
  await restoreSettings(engine, copy, options);
}
