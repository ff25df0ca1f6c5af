import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, IndexDescription, RequestOptions } from '../../engine/engine.js';
import { hasVectorPlan } from '../../mapping/vector-plan.js';
import { checkIndex } from '../prepare-index.js';
import type { CheckedTarget } from '../reindex/check-copy.js';
import { HASH_FIELD, HASH_MAPPING, mustHaveRoomForHash } from '../reindex/content-hash.js';
import { mustTakeQuery } from '../reindex/plan-reindex.js';
import { driftingFields, type PrepareCopyOptions, planCopy } from '../reindex/prepare-copy.js';
import { FinalPipelineRuns } from '../reindex/reindex-faults.js';
import { mustHaveWholeSource } from '../reindex/whole-source.js';

/**
 * Looks at everything that can be wrong with adding vectors to an index in place, and changes nothing.
 * @returns the plan that it has, or is to get.
 * @throws {FieldsUnknown} {FieldTaken} {QueryRefused} {PlanDiffers} {ModelMismatch} {FieldsNotInSource} {@link FinalPipelineRuns}
 */
export async function planInPlace(engine: Engine, found: IndexDescription, options: PrepareCopyOptions) {
  const { name, mappings, settings } = found;
  const { final_pipeline: pipeline } = (settings.index ?? {}) as { final_pipeline?: string };
  if (pipeline !== undefined && pipeline !== '_none') throw new FinalPipelineRuns(name, pipeline);
  await mustTakeQuery(engine, name, options.query, options);
  if (!hasVectorPlan(mappings)) return { ...planCopy(engine, found, options), query: options.query };
  const { plan, dialect } = checkIndex(engine, found, options);
  mustHaveRoomForHash(mappings);
  mustHaveWholeSource(found, Object.keys(plan.vectors));
  return { plan, dialect, query: options.query };
}

/** Gives an index its vector fields and its plan, or checks those that it has. @throws what {@link planInPlace} throws. */
export async function prepareFields(
  engine: Engine,
  found: IndexDescription,
  options: PrepareCopyOptions,
): Promise<CheckedTarget> {
  const { name, mappings } = found;
  const { plan, dialect } = await planInPlace(engine, found, options);
  const fields = Object.keys(plan.vectors).map((field) => [field, dialect.field] as const);
  const added = hasVectorPlan(mappings)
    ? { properties: { [HASH_FIELD]: HASH_MAPPING } }
    : {
        _meta: { ...(mappings._meta as JsonObject | undefined), termweave: plan },
        properties: { ...Object.fromEntries(fields), [HASH_FIELD]: HASH_MAPPING },
      };
  await putMapping(engine, name, added, options);
  return { index: name, plan, dialect, drifting: driftingFields(engine, found) };
}

async function putMapping(engine: Engine, index: string, body: JsonObject, { signal }: RequestOptions): Promise<void> {
  const path = `/${encodeURIComponent(index)}/_mapping`;
  await engine.request({ method: 'PUT', path, body, signal, repeatable: true });
}
