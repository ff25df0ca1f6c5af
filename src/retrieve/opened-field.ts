import { dialectIn } from '../dialect/choose-dialect.js';
import type { Dialect } from '../dialect/dialect.js';
import type { Engine, IndexDescription, RequestOptions } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';
import { mustMatchPlan } from '../mapping/match-plan.js';
import { readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';

/** A field that the index does not have, or has no vectors in. */
export class NoSuchVectorField extends Fault {
  readonly code = 'FIELD_UNKNOWN';
  constructor(
    readonly index: string,
    readonly field: string,
    readonly there: readonly string[],
  ) {
    super({
      asked: `vector field ${field} of index ${index}`,
      found: there.length > 0 ? `vector fields ${there.join(', ')}` : 'no vector field',
      remedy: 'Name one of them with --field',
    });
  }
}

/** One vector field of an index on an engine: all that a search needs to know. */
export interface OpenedField {
  readonly engine: Engine;
  /** The name asked for: an index or an alias. */
  readonly name: string;
  readonly description: IndexDescription;
  readonly plan: VectorPlan;
  /** The vector field. */
  readonly field: string;
  readonly dialect: Dialect;
}

/**
 * Reads what an index says of one of its vector fields.
 * @param options.field the vector field; the plan's first where absent.
 * @throws {IndexNotFound} {@link NoVectorPlan} {@link NoSuchVectorField} {@link NotAVectorField}
 */
export async function openField(
  engine: Engine,
  name: string,
  options: RequestOptions & { readonly field?: string } = {},
): Promise<OpenedField> {
  const description = await engine.describeIndex(name, options);
  const plan = readVectorPlan(name, description.mappings);
  const there = Object.keys(plan.vectors);
  const field = options.field ?? there[0] ?? '';
  if (!Object.hasOwn(plan.vectors, field)) throw new NoSuchVectorField(name, field, there);
  const dialect = dialectIn(engine.version, description.mappings, field, plan.dialect);
  return { engine, name, description, plan, field, dialect };
}

/**
 * The same field as its name stands now: an alias may have moved.
 * @throws as {@link openField}, and {ModelMismatch} where the index there is of another model.
 */
export async function reopenField(opened: OpenedField, options: RequestOptions = {}): Promise<OpenedField> {
  const { engine, name, field, plan } = opened;
  const now = await openField(engine, name, { ...options, field });
  mustMatchPlan(name, now.plan, plan.model, plan.vocabulary);
  return now;
}

/** An index that was deleted and made again under its name is another: its UUID tells. */
export function indexIdentity({ description }: OpenedField): string {
  const { index } = description.settings as { index?: { uuid?: string } };
  return index?.uuid ?? description.name;
}
