import { dialectForField, dialectForNewField } from '../dialect/choose-dialect.js';
import type { Dialect, DialectName, JsonObject } from '../dialect/dialect.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Engine, IndexDescription, RequestOptions } from '../engine/engine.js';
import { IndexNotFound } from '../engine/engine-faults.js';
import { mappingFor, type VectorsInSource } from '../mapping/index-body.js';
import { mustMatchPlan, readVectorPlan, type VectorPlan } from '../mapping/vector-plan.js';
import { PlanDiffers } from './ingest-faults.js';

/** The name of the vector field, unless another is given. */
export const DEFAULT_FIELD = 'splade';

export interface PrepareOptions extends RequestOptions {
  readonly encoder: Encoder;
  /** The text fields, for a new index: asked for only when there is none. For one that is there: what must match, if given. */
  readonly textFields?: readonly string[];
  readonly usualTextFields: () => readonly string[];
  /** The vector field. Default `splade`. */
  readonly field?: string;
  /** The pruning of documents, as `parsePruning` reads it. Default `none`, or the index's own. */
  readonly pruning?: string;
  readonly dialect?: DialectName;
  readonly analyzer?: string;
  readonly vectorsInSource?: VectorsInSource;
  readonly settings?: JsonObject;
}

/** An index that is ready to be written to. */
export interface PreparedIndex {
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Whether it has just been made. */
  readonly created: boolean;
}

/**
 * Makes the index, or checks that the one that is there takes the vectors that are to come.
 * @throws {NoVectorPlan} {ModelMismatch} {@link PlanDiffers} for an index made otherwise.
 */
export async function prepareIndex(engine: Engine, index: string, options: PrepareOptions): Promise<PreparedIndex> {
  const found = await findIndex(engine, index, options);
  return found ? checkIndex(engine, found, options) : createIndex(engine, index, options);
}

/** The index, or `undefined` where there is none. */
export async function findIndex(engine: Engine, index: string, { signal }: RequestOptions) {
  try {
    return await engine.describeIndex(index, { signal });
  } catch (error) {
    if (error instanceof IndexNotFound) return undefined;
    throw error;
  }
}

async function createIndex(engine: Engine, index: string, options: PrepareOptions): Promise<PreparedIndex> {
  const { encoder, field = DEFAULT_FIELD, pruning = 'none', signal } = options;
  const dialect = dialectForNewField(engine.version, options.dialect);
  const from = [...(options.textFields ?? options.usualTextFields())];
  const plan: VectorPlan = {
    format: 1,
    model: encoder.identity,
    vocabulary: encoder.vocabulary.fingerprint,
    dialect: dialect.name,
    vectors: { [field]: { from, pruning } },
  };
  await engine.createIndex(index, { ...mappingFor({ ...options, dialect, plan }) }, { signal });
  return { plan, dialect, created: true };
}

/**
 * Checks that an index takes the vectors that are to come.
 * @throws {NoVectorPlan} {ModelMismatch} {@link PlanDiffers}
 */
export function checkIndex(
  engine: Engine,
  { name, mappings }: IndexDescription,
  options: Pick<PrepareOptions, 'encoder' | 'field' | 'textFields' | 'pruning' | 'dialect'>,
): PreparedIndex {
  const plan = readVectorPlan(name, mappings);
  mustMatchPlan(name, plan, options.encoder.identity, options.encoder.vocabulary.fingerprint);
  const field = options.field ?? Object.keys(plan.vectors)[0]!;
  const stored = plan.vectors[field];
  const mustEqual = (aspect: string, is: string | undefined, asked: string | undefined) => {
    if (asked !== undefined && is !== asked) throw new PlanDiffers(name, aspect, is ?? 'none of that name', asked);
  };
  mustEqual('vector field', stored && field, field);
  mustEqual('text fields', stored!.from.join(','), options.textFields?.join(','));
  mustEqual('pruning', stored!.pruning, options.pruning);
  mustEqual('dialect', plan.dialect, options.dialect);
  const { type } = (mappings.properties as Record<string, { type: string }>)[field]!;
  return { plan, dialect: dialectForField(engine.version, type, plan.dialect), created: false };
}
