import type { Engine } from '../../engine/engine.js';
import { patient } from '../bulk/patient-engine.js';
import { runEngine } from '../bulk/run-engine.js';
import { identityOf } from '../bulk/same-index.js';
import { type CopyOptions, type CopyReport, copyDocuments } from './copy-documents.js';
import { deleteMissing } from './delete-missing.js';
import { openCopy } from './prepare-copy.js';
import { describeSource } from './whole-source.js';

/** What was brought to a copy. */
export interface SyncResult {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  /** Documents that were not brought, those that others have changed in the copy among them: see the dead letters. */
  readonly failed: number;
  /** Documents that the source does not have and that others have written into the copy, or changed there. */
  readonly kept: number;
}

/**
 * Brings a copy up to its source by content hash: what is new or changed is encoded and written, what is gone is deleted, the
 * rest is left alone. The query that the copy was made with counts here, too; another one is refused. What others have written into the copy
 * is neither replaced nor deleted.
 * @throws {AliasShowsPart} {IndexNotFound} {NotTheCopy} {ModelMismatch} {PlanDiffers} {RunGone}
 */
export async function sync(cluster: Engine, source: string, to: string, options: CopyOptions): Promise<SyncResult> {
  const { signal } = options;
  const description = await describeSource(cluster, source, { signal });
  // An engine that has answered once is waited for when it cannot answer.
  const copy = await openCopy(patient(cluster, options.retry), description, to, options);
  const engine = runEngine(cluster, copy, options.retry);
  await engine.refresh(description.name, { signal });
  const { query } = copy;
  let last: CopyReport | undefined;
  for await (const report of copyDocuments(engine, description.name, copy, { ...options, query })) last = report;
  const { indexed, updated, unchanged, failed } = last!;
  const { deleted, kept } = await deleteMissing(engine, identityOf(description), copy, options);
  return { added: indexed - updated, updated, deleted, unchanged, failed, kept };
}
