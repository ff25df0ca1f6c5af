import { dialectIn } from '../dialect/choose-dialect.js';
import type { Dialect, JsonObject } from '../dialect/dialect.js';
import type { EngineVersion } from '../dialect/engine-version.js';
import type { Encoder } from '../encoder/encoder.js';
import { hasVectorPlan, mustMatchPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import type { PlanOverrides } from './plan-overrides.js';

/** The vectors of an index, and how its engine says them. */
export interface PlannedIndex {
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
}

/** `GET /INDEX/_mapping` with the rights of whoever asks: the mappings by concrete index, or `undefined` where the engine gives none. */
export type ReadMappings = (index: string) => Promise<Readonly<Record<string, { mappings: JsonObject }>> | undefined>;

interface Remembered {
  readonly until: number;
  readonly planned: PlannedIndex | undefined;
}

export interface PlanCacheOptions {
  readonly version: EngineVersion;
  /** An index of another model is refused: see {@link PlanCache.of}. */
  readonly encoder: Pick<Encoder, 'identity' | 'vocabulary'>;
  readonly refreshMs: number;
  /** Plans that go before those of the mappings. */
  readonly overrides?: PlanOverrides;
}

const MOST_REMEMBERED = 10_000;

/**
 * The plans of indices, by the names that requests use, aliases included; remembered for a while, and read with the rights of the request that
 * needs one. That an index has no plan is remembered too, but not that a request had no right to see it.
 */
export class PlanCache {
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly options: PlanCacheOptions) {}

  /**
   * The plan of one index name; `undefined` where it has none, or stands for indices of different plans.
   * @throws {ModelMismatch} for an index of another model, which is not remembered. @throws {NotAVectorField}
   */
  async of(index: string, read: ReadMappings): Promise<PlannedIndex | undefined> {
    const known = this.#remembered.get(index);
    if (known && known.until > Date.now()) return known.planned;
    const mappings = await read(index);
    if (!mappings) return undefined;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    const planned = this.#planIn(index, mappings);
    this.#remembered.set(index, { until: Date.now() + this.options.refreshMs, planned });
    return planned;
  }

  #planIn(index: string, mappings: Readonly<Record<string, { mappings: JsonObject }>>): PlannedIndex | undefined {
    const plans = Object.values(mappings).map(({ mappings }) => planOf(index, mappings, this.options));
    const [first, ...others] = plans;
    const written = JSON.stringify(first?.plan);
    return others.every((other) => JSON.stringify(other?.plan) === written) ? first : undefined;
  }
}

function planOf(index: string, mappings: JsonObject, options: PlanCacheOptions): PlannedIndex | undefined {
  const { version, encoder, overrides } = options;
  const overriding = overrides?.get(index);
  if (overriding === null || (!overriding && !hasVectorPlan(mappings))) return undefined;
  const plan = overriding ?? readVectorPlan(index, mappings);
  mustMatchPlan(index, plan, encoder.identity, encoder.vocabulary.fingerprint);
  const [field] = Object.keys(plan.vectors);
  return { plan, dialect: dialectIn(version, mappings, field!, plan.dialect) };
}
