import type { Engine } from '../../engine/engine.js';
import { type CopyOptions, type CopyReport, copyDocuments } from './copy-documents.js';
import { deleteMissing } from './delete-missing.js';
import { prepareCopy } from './prepare-copy.js';

/** What was brought to a copy. */
export interface SyncResult {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly failed: number;
}

/**
 * Brings a copy up to its source by content hash: what is new or changed is encoded and written, what is gone is deleted, the
 * rest is left alone. A query of the options narrows what is compared; nothing is deleted then.
 * @throws {NotTheCopy} {ModelMismatch}
 */
export async function sync(engine: Engine, source: string, to: string, options: CopyOptions): Promise<SyncResult> {
  const { signal } = options;
  await engine.refresh(source, { signal });
  const description = await engine.describeIndex(source, { signal });
  const copy = await prepareCopy(engine, description, to, options);
  let last: CopyReport | undefined;
  for await (const report of copyDocuments(engine, description.name, copy, options)) last = report;
  const { indexed, updated, unchanged, failed } = last!;
  const deleted = options.query ? 0 : await deleteMissing(engine, description.name, copy.index, { signal });
  return { added: indexed - updated, updated, deleted, unchanged, failed };
}
