import type { DistinctDeadLetters } from '../dead-letters.js';
import type { CopyReport } from './copy-documents.js';
import type { Follower } from './follower.js';
import type { SliceNote } from './slices.js';

/**
 * How many documents a copy should have: those that the slices of its run have noted, and what finishing the run adds and deletes. It is what was
 * written down, which others may have overtaken: an earlier attempt to finish, a `sync` or an application may have deleted some of them since.
 */
export class RunCount {
  readonly #noted: number;
  readonly #failed: number;
  #gone = 0;

  /**
   * @param notes of the slices that are done.
   * @param letters of this process, those of following among them.
   * @param own the last report of the slice that this process has brought.
   */
  constructor(
    notes: readonly SliceNote[],
    readonly letters: DistinctDeadLetters,
    own: CopyReport,
    readonly follower: Follower | undefined,
  ) {
    this.#noted = notes.reduce((sum, { documents }) => sum + documents, 0);
    this.#failed = notes.reduce((sum, { failed }) => sum + failed, 0) - own.failed;
  }

  /** Documents that were brought to the copy and not deleted from it again. */
  get brought(): number {
    const { added = 0, deleted = 0 } = this.follower ?? {};
    return this.#noted + added - deleted - this.#gone;
  }

  /** Documents of all slices that are in the dead letters. */
  get failed(): number {
    return this.#failed + this.letters.documents;
  }

  /** Documents were deleted from a copy that had so many before; what it had beyond those that were brought is of earlier runs. */
  deletedOf(before: number, deleted: number): void {
    const surplus = Math.max(0, before - this.brought);
    this.#gone += Math.max(0, deleted - surplus);
  }

  /** So many are there when deletions have been brought: what the notes have beyond them went by deletions that nobody has noted. */
  atMost(there: number): void {
    this.#gone += Math.max(0, this.brought - there);
  }
}
