import { readFile } from 'node:fs/promises';
import { Fault, messageOf } from '../fault/fault.js';
import { readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';

/** Plans by the index names that requests use; `null` where an index is to pass as if it had none. They go before those of the mappings. */
export type PlanOverrides = ReadonlyMap<string, VectorPlan | null>;

/** A file of plans that cannot be read. */
export class PlanFileBroken extends Fault {
  readonly code = 'PLAN_FILE_BROKEN';
  constructor(
    readonly file: string,
    found: string,
  ) {
    super({
      asked: `plans from ${file}`,
      found,
      remedy:
        'Write {"INDEX": PLAN}, with a plan as `_meta.termweave` of a mapping has it, or null for an index that is to pass as it is',
    });
  }
}

/** Reads a file of plans. @throws {PlanFileBroken} {@link NoVectorPlan} for a plan that is none. */
export async function readPlanFile(file: string): Promise<PlanOverrides> {
  const plans = await parsedFile(file);
  if (typeof plans !== 'object' || plans === null || Array.isArray(plans))
    throw new PlanFileBroken(file, 'JSON that is no object');
  return new Map(
    Object.entries(plans).map(([index, plan]) => [
      index,
      plan === null ? null : readVectorPlan(index, { _meta: { termweave: plan } }),
    ]),
  );
}

async function parsedFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    throw new PlanFileBroken(file, messageOf(thrown));
  }
}
