import type { Dialect } from '../dialect/dialect.js';
import type { Engine, IndexDescription } from '../engine/engine.js';
import type { VectorPlan } from '../mapping/vector-plan.js';

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
