import type { Dialect, JsonObject } from '../../dialect/dialect.js';
import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { EngineRefused } from '../../engine/engine-faults.js';
import { mustBeUsableName } from '../../engine/index-name.js';
import type { VectorPlan } from '../../mapping/vector-plan.js';
import { findIndex } from '../prepare-index.js';
import { mustBeMovable } from './alias.js';
import { mustBeFollowable } from './follow-field.js';
import { planCopy, readCopy } from './prepare-copy.js';
import { QueryRefused } from './reindex-faults.js';
import type { ReindexOptions } from './reindex-options.js';

/** What a reindex is to make, or goes on with. */
export interface PlannedReindex {
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  readonly query?: JsonObject;
}

/**
 * Looks at everything that can be wrong with what is asked for, and makes nothing: what is found out later is found out after hours, or stands in
 * the copy's notes for good.
 * @throws {NameUnusable} {AliasIsIndex} {AliasHasOthers} {NotTheCopy} {ModelMismatch} {PlanDiffers} {FieldsUnknown} {FieldTaken} {FieldsNotInSource}
 *   {FollowFieldUnfit} {@link QueryRefused}
 */
export async function planReindex(
  engine: Engine,
  source: IndexDescription,
  options: ReindexOptions,
): Promise<PlannedReindex> {
  const { to, alias, follow, signal } = options;
  mustBeUsableName('index', to);
  if (alias !== undefined) await mustBeMovable(engine, alias, { source: source.name, to }, { signal });
  const found = await findIndex(engine, to, { signal });
  const planned = found
    ? readCopy(engine, source, found, options)
    : { ...planCopy(engine, source, options), query: options.query };
  if (follow !== undefined) await mustBeFollowable(engine, source, follow, { signal });
  await mustTakeQuery(engine, source.name, planned.query, { signal });
  return planned;
}

/** Asks an index for the documents of a query. @throws {@link QueryRefused} where its engine does not take it. */
export async function mustTakeQuery(
  engine: Engine,
  index: string,
  query: JsonObject | undefined,
  { signal }: RequestOptions,
): Promise<void> {
  if (query === undefined) return;
  try {
    await engine.search(index, { size: 0, query }, { signal });
  } catch (thrown) {
    if (!(thrown instanceof EngineRefused && thrown.status === 400)) throw thrown;
    throw new QueryRefused(index, `${thrown.type}: ${thrown.reason}`, thrown);
  }
}
