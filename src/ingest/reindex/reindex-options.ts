import type { CopyOptions } from './copy-documents.js';
import type { PrepareCopyOptions } from './prepare-copy.js';

export interface ReindexOptions extends Omit<CopyOptions, 'ids'>, PrepareCopyOptions {
  readonly to: string;
  /** Moved to the copy once it is complete and verified. */
  readonly alias?: string;
  /**
   * A timestamp or sequence number that grows with every change, or `_seq_no`: changes made during the run are brought, too, and
   * deletions.
   */
  readonly follow?: string;
  /** How far before its last value the field is read again, for changes that arrive late: see {@link followField}. */
  readonly followOverlap?: number;
  /** Only the documents of these ids, as they stand in the source now: those that an earlier call put into the dead letters. */
  readonly again?: readonly string[];
  /** Begin although slices of a run in another number of them are done, and others are not. */
  readonly anew?: boolean;
  /** Move the alias although documents went to the dead letters. */
  readonly allowFailed?: boolean;
}
