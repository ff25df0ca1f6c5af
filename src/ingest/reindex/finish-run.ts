import type { Engine, IndexDescription } from '../../engine/engine.js';
import { type IndexIdentity, identityOf, mustStand } from '../bulk/same-index.js';
import { traced } from '../telemetry/traced.js';
import { moveAlias } from './alias.js';
import { type CheckedCopy, checkCopy, isVerified } from './check-copy.js';
import { Claim } from './claim.js';
import { makeReady } from './copy-settings.js';
import { deleteMissing } from './delete-missing.js';
import type { Follower } from './follower.js';
import type { PreparedCopy } from './prepare-copy.js';
import { CopyNotRight, DocumentsFailed } from './reindex-faults.js';
import type { ReindexOptions } from './reindex-options.js';
import type { RunCount } from './run-count.js';
import type { Run } from './runs.js';

/** A run that is whole: checked, and its alias moved. */
export interface FinishedRun extends CheckedCopy {
  /** Where the alias stood before, if it was moved. */
  readonly movedFrom?: readonly string[];
}

/** What is to be finished. */
export interface Finish {
  readonly source: IndexDescription;
  readonly copy: PreparedCopy;
  readonly run: Run;
  readonly follower?: Follower;
  readonly count: RunCount;
}

/**
 * Finishes a run of which all slices are done: catches up, removes what the source no longer has, checks, moves the alias. One process
 * does it: each step is claimed in the notes, guarded by sequence numbers, so that of two none moves the alias after the other.
 * @returns `undefined` where another process finishes the run.
 * @throws {@link CopyNotRight} {@link DocumentsFailed} {RunGone}; the alias stays where it is then.
 */
export async function finishRun(
  engine: Engine,
  { source: description, copy, run, follower, count }: Finish,
  options: ReindexOptions,
): Promise<FinishedRun | undefined> {
  const { signal, slice = { part: 0, of: 1 }, alias } = options;
  const source = identityOf(description);
  const claim = await Claim.take(engine, copy.index, run, slice.part + 1, { signal });
  if (!claim) return undefined;
  const mayLack = claim.run.wasWhole;
  let state: Run['state'] = 'done';
  try {
    await makeReady(engine, copy.index, options);
    if (!(await noteWhetherWhole(engine, claim, count, options))) return undefined;
    await follower?.catchUp();
    // What an earlier attempt deleted, its slices may have noted as brought.
    await removeSurplus(engine, source, copy, { count, mayLack }, options);
    await mustStand(engine, copy, { signal });
    const checked = await traced('termweave.check', { 'termweave.copy': copy.index }, () =>
      checkCopy(engine, copy, options),
    );
    // The check has read the whole copy: what came meanwhile is brought before the alias moves.
    const writes = follower ? await engine.writeMark(source.index, { signal }) : run.writes;
    await follower?.catchUp();
    await mustHaveAll(engine, source.index, copy, count, writes, options);
    for (const index of [source, copy]) await mustStand(engine, index, { signal });
    if (alias === undefined) return checked;
    mustHaveNoneFailed(copy.index, count.failed, options);
    mustBeChecked(copy, checked, count.failed);
    if (!(await claim.step({ state: 'finishing' }, { signal }))) return undefined;
    // A process of the same slice may have come meanwhile, and made the copy ready to be loaded.
    await makeReady(engine, copy.index, options);
    const move = { source: source.index, to: copy.index };
    const movedFrom = await moveAlias(engine, alias, move, options);
    // What was written to the source until applications asked the copy.
    await follower?.catchUp();
    return { ...checked, movedFrom };
  } catch (thrown) {
    // Only a copy that is wrong ends the run. Dead letters can be retried, and an engine that was away comes back.
    if (!(thrown instanceof CopyNotRight) || count.failed > 0) state = 'loading';
    throw thrown;
  } finally {
    await claim.leave(state);
  }
}

/**
 * Notes that a copy has all that was brought to it, before finishing deletes anything: whoever takes the finish up again knows from then on that less may
 * be right. A copy that has less now has lost something, or others have deleted it: the notes go on being what it is judged by.
 * @returns false where another process has taken the run over.
 */
async function noteWhetherWhole(
  engine: Engine,
  claim: Claim,
  { brought }: RunCount,
  { signal }: ReindexOptions,
): Promise<boolean> {
  const { copy, run } = claim;
  if (run.wasWhole) return true;
  await engine.refresh(copy, { signal });
  const there = await engine.count(copy, undefined, { signal });
  return there < brought || claim.step({ state: 'finishing', wasWhole: true }, { signal });
}

/**
 * Deletes what the source no longer has, where the copy does not have just as many documents as were brought to it. Where an earlier attempt to finish
 * found the copy whole and may have deleted some, it is looked for in any case, and what the copy then has counts: what that attempt deleted, and what went
 * when its slices were taken up again, is in no note.
 */
async function removeSurplus(
  engine: Engine,
  source: IndexIdentity,
  copy: PreparedCopy,
  { count, mayLack }: { readonly count: RunCount; readonly mayLack?: boolean },
  options: ReindexOptions,
): Promise<void> {
  const { signal } = options;
  await engine.refresh(copy.index, { signal });
  const there = await engine.count(copy.index, undefined, { signal });
  if (there === count.brought && !mayLack) return;
  const { deleted } = await deleteMissing(engine, source, copy, options);
  count.deletedOf(there, deleted);
  if (mayLack) count.atMost(there - deleted);
}

/**
 * Checks that the copy has lost nothing. It has less than the source, which is a loss where nothing was written to the source since it had the mark
 * `writes`, and where the copy has less than was brought to it, too: alone, the one may be what the source has got since, the other what it has
 * lost. (The copy may have more: what others wrote there, or what a query by the time of day no longer matches.)
 * @throws {@link CopyNotRight}
 */
async function mustHaveAll(
  engine: Engine,
  source: string,
  { index, query }: PreparedCopy,
  { brought, failed }: RunCount,
  writes: string | undefined,
  { signal }: ReindexOptions,
): Promise<void> {
  await engine.refresh(source, { signal });
  await engine.refresh(index, { signal });
  const asked = await engine.count(source, query, { signal });
  const there = await engine.count(index, undefined, { signal });
  if (there + failed >= asked) return;
  const found = `${there} documents, ${failed} in the dead letters, where ${source} has ${asked}`;
  if (there < brought) throw new CopyNotRight(index, `${found}, and ${brought} were brought to it`);
  if (writes === (await engine.writeMark(source, { signal }))) throw new CopyNotRight(index, found);
}

/** @throws {@link DocumentsFailed} */
function mustHaveNoneFailed(copy: string, failed: number, { allowFailed }: ReindexOptions): void {
  if (failed > 0 && !allowFailed) throw new DocumentsFailed(copy, failed);
}

/** @throws {@link CopyNotRight} where there was no vector or no score to compare: nothing says that the copy is right. */
function mustBeChecked({ index, plan }: PreparedCopy, checked: CheckedCopy, failed: number): void {
  if (isVerified(checked, failed)) return;
  const { documents, scores } = checked;
  const fields = Object.values(plan.vectors).flatMap(({ from }) => from);
  throw new CopyNotRight(
    index,
    scores === 0
      ? `no query could be made of its ${documents} documents: none has text in ${fields.join(', ')}`
      : `no vector could be compared: of its ${documents} documents, all that were drawn were written or changed by others`,
  );
}
