import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine } from '../../engine/engine.js';
import type { IndexIdentity } from '../bulk/same-index.js';
import { type CopyOptions, type CopyReport, copyDocuments } from './copy-documents.js';
import { deleteMissing } from './delete-missing.js';
import type { FollowField } from './follow-field.js';
import type { PreparedCopy } from './prepare-copy.js';

/** Passes in a row at most, however little each finds. */
const MOST_PASSES = 10;

/** Brings to a copy what has changed in its source since it was first read. */
export class Follower {
  /** How many documents following has added to the copy, and deleted from it. */
  added = 0;
  deleted = 0;
  #mark: unknown;

  /** @param mark what the field's `highest` was before the source was first read. */
  constructor(
    readonly engine: Engine,
    readonly source: IndexIdentity,
    readonly copy: PreparedCopy,
    readonly field: FollowField,
    mark: unknown,
    readonly options: Omit<CopyOptions, 'slice'>,
  ) {
    this.#mark = mark;
  }

  /**
   * Brings what has changed until a pass finds nothing more, or no less than the one before: an index that is always written to is never
   * caught up with for good. Deletes what the source has deleted.
   */
  async catchUp(): Promise<void> {
    await this.#bringChanges();
    const { deleted } = await deleteMissing(this.engine, this.source, this.copy, this.options);
    this.deleted += deleted;
    // Deleting has read the whole copy: what came meanwhile is little.
    await this.#bringChanges();
  }

  async #bringChanges(): Promise<void> {
    let before = Number.POSITIVE_INFINITY;
    for (let pass = 1; ; pass++) {
      const next = await this.field.highest(this.options);
      const query = within(this.options.query, this.field.since(this.#mark));
      let last: CopyReport | undefined;
      for await (const report of copyDocuments(this.engine, this.source.index, this.copy, { ...this.options, query })) {
        last = report;
      }
      this.added += last!.indexed - last!.updated;
      this.#mark = next;
      const brought = last!.indexed;
      if (brought === 0 || brought >= before || pass === MOST_PASSES) return;
      before = brought;
    }
  }
}

function within(query: JsonObject | undefined, changed: JsonObject): JsonObject {
  return { bool: { filter: query ? [query, changed] : [changed] } };
}
