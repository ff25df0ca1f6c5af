import type { Engine } from '../../engine/engine.js';
import { moveAlias } from './alias.js';
import { checkCopy } from './check-copy.js';
import { type CopyOptions, type CopyReport, copyDocuments } from './copy-documents.js';
import { loadingSettings } from './copy-settings.js';
import { follow, highestValue } from './follow.js';
import { type PrepareCopyOptions, type PreparedCopy, prepareCopy } from './prepare-copy.js';
import { CopyNotRight } from './reindex-faults.js';
import { noteSlice, prepareNotes, readSlices } from './slices.js';

export interface ReindexOptions extends CopyOptions, PrepareCopyOptions {
  readonly to: string;
  /** Moved to the copy once it is complete and verified. */
  readonly alias?: string;
  /** A timestamp or sequence that grows with every change: changes made during the run are brought, too, and deletions. */
  readonly follow?: string;
  /** Move the alias although documents went to the dead letters. */
  readonly allowFailed?: boolean;
}

/** How a reindex stands. */
export interface ReindexProgress extends CopyReport {
  readonly done?: undefined;
}

/** How a reindex ended. */
export interface ReindexResult {
  readonly done: true;
  /** Documents of the source that are in the copy. */
  readonly documents: number;
  readonly failed: number;
  /** Whether the copy was found complete, and its scores right. False while other slices are not done. */
  readonly verified: boolean;
  readonly seconds: number;
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
 * @returns progress after each batch, and the result last.
 * @throws {NotTheCopy} {CopyNotRight} {IndexBlocked} {EngineStaysBusy} {ModelMismatch} {PlanDiffers}
 */
export async function* reindex(
  engine: Engine,
  source: string,
  options: ReindexOptions,
): AsyncGenerator<ReindexProgress | ReindexResult> {
  const { signal } = options;
  const began = performance.now();
  const description = await engine.describeIndex(source, { signal });
  const copy = await prepareCopy(engine, description, options.to, options);
  await prepareNotes(engine, { signal });
  const from = options.follow && (await highestValue(engine, description.name, options.follow, { signal }));
  const last = yield* load(engine, description.name, copy, options);
  const outstanding = await outstandingSlices(engine, copy.index, options);
  const documents = last.indexed + last.unchanged;
  const result = { done: true, documents, failed: last.failed, waitingFor: outstanding.waitingFor } as const;
  const seconds = () => Math.round(performance.now() - began) / 1000;
  if (outstanding.waitingFor > 0) return yield { ...result, verified: false, scores: 0, seconds: seconds() };
  const followed = await followIfAsked(engine, description.name, copy, from, options);
  const expected = outstanding.documents + followed.added - followed.deleted;
  const { scores } = await checkCopy(engine, copy, expected, options);
  const movedFrom = await moveIfWhole(engine, copy.index, outstanding.failed, options);
  yield { ...result, verified: true, scores, seconds: seconds(), movedFrom };
}

async function* load(engine: Engine, source: string, copy: PreparedCopy, options: ReindexOptions) {
  const { signal, slice = { part: 0, of: 1 } } = options;
  const note = (state: 'running' | 'done', report?: CopyReport) =>
    noteSlice(
      engine,
      {
        ...{ copy: copy.index, source, part: slice.part + 1, of: slice.of, state, at: Date.now() },
        documents: (report?.indexed ?? 0) + (report?.unchanged ?? 0),
        failed: report?.failed ?? 0,
      },
      { signal },
    );
  await note('running');
  await using _ = await loadingSettings(engine, copy.index, { signal });
  let last: CopyReport | undefined;
  let noted = Date.now();
  for await (const report of copyDocuments(engine, source, copy, options)) {
    yield report;
    last = report;
    if (Date.now() - noted < NOTE_EVERY_MS) continue;
    noted = Date.now();
    await note('running', report);
  }
  await note('done', last);
  return last!;
}

const NOTE_EVERY_MS = 10_000;

async function outstandingSlices(engine: Engine, copy: string, { slice, signal }: ReindexOptions) {
  const of = slice?.of ?? 1;
  const notes = (await readSlices(engine, copy, { signal })).filter((note) => note.of === of);
  const done = notes.filter(({ state }) => state === 'done');
  const sum = (count: (note: (typeof notes)[number]) => number) => done.reduce((all, note) => all + count(note), 0);
  return {
    waitingFor: of - done.length,
    documents: sum(({ documents }) => documents),
    failed: sum(({ failed }) => failed),
  };
}

function followIfAsked(engine: Engine, source: string, copy: PreparedCopy, from: unknown, options: ReindexOptions) {
  const { follow: field, slice: _, ...rest } = options;
  return field ? follow(engine, source, copy, { ...rest, field, from }) : { added: 0, deleted: 0 };
}

async function moveIfWhole(engine: Engine, copy: string, failed: number, options: ReindexOptions) {
  const { alias, allowFailed, signal } = options;
  if (!alias) return undefined;
  if (failed > 0 && !allowFailed) {
    throw new CopyNotRight(
      copy,
      `${failed} documents are in the dead letters; --allow-failed moves the alias all the same`,
    );
  }
  return moveAlias(engine, alias, copy, { signal });
}
