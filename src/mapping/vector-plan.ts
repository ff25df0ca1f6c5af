import { z } from 'zod';
import type { JsonObject } from '../dialect/dialect.js';
import { Fault } from '../fault/fault.js';
import { HEAVIEST_FIELD, LIGHTEST_FIELD } from './field-weight.js';

/** What made a vector field's weights: enough to tell whether a query's vector may meet them. */
const modelStamp = z.object({
  /** Registry name, hub id or folder name. */
  id: z.string(),
  /** SHA-256 of the model's weights. */
  weights: z.string(),
  /** What the model's files say beside the weights of what is computed; plans of earlier releases do not say it. */
  configuration: z.string().optional(),
  pooling: z.string(),
  /** What stood before texts; absent where nothing did. */
  prompts: z.object({ query: z.string().optional(), document: z.string().optional() }).optional(),
  /** Precision of the arithmetic: `float32`, `int8`. */
  precision: z.string(),
  /** Where texts were cut, in tokens. */
  maxTokens: z.number(),
  compiler: z.number(),
  /** What multiplied: `cpu`, `cuda`, `webgpu`. Plans of releases that knew the CPU alone have none. */
  device: z.string().optional(),
});
export type ModelStamp = z.infer<typeof modelStamp>;

const vectorField = z.object({
  /** The text fields that were joined, in order, and encoded; where they have weights, each by itself. */
  from: z.array(z.string()).min(1),
  /** The weight of each text field: an entry has the largest of its weights in their vectors, each times that of its field. */
  weights: z.array(z.number().min(LIGHTEST_FIELD).max(HEAVIEST_FIELD)).optional(),
  /** The pruning of documents, as `parsePruning` reads it. */
  pruning: z.string(),
  /**
   * Long texts are encoded in passages of so many tokens at most, overlapping by so many; without it they are cut. The vector is their maximum
   * or, where they are `kept`, each has its own: see `keptPassages`.
   */
  passages: z.object({ tokens: z.number(), overlap: z.number(), kept: z.boolean().optional() }).optional(),
});
export type VectorField = z.infer<typeof vectorField>;

const passagesKey = ({ passages }: VectorField) =>
  JSON.stringify([passages?.tokens, passages?.overlap, passages?.kept]);

function hasOneWayOfPassages(vectors: Readonly<Record<string, VectorField>>): boolean {
  return new Set(Object.values(vectors).map(passagesKey)).size <= 1;
}

function hasWeightsOfItsFields(vectors: Readonly<Record<string, VectorField>>): boolean {
  const fits = ({ from, weights, passages }: VectorField) =>
    !weights || (weights.length === from.length && !passages?.kept);
  return Object.values(vectors).every(fits);
}

/** How the long texts of vector fields are encoded: all of an index alike. */
export function passagesOfFields(vectors: Readonly<Record<string, VectorField>>): VectorField['passages'] {
  return Object.values(vectors)[0]?.passages;
}

/** Before weights, and with them: a release that does not know them must not take the plan for one of joined texts. */
const FORMATS = { joined: 1, weighed: 2 } as const;

const vectorPlan = z.object({
  format: z.union([z.literal(FORMATS.joined), z.literal(FORMATS.weighed)]),
  model: modelStamp,
  /** The vocabulary's fingerprint. */
  vocabulary: z.string(),
  dialect: z.string(),
  vectors: z
    .record(z.string(), vectorField)
    .refine(hasOneWayOfPassages, 'vector fields with passages of different kinds')
    .refine(hasWeightsOfItsFields, 'weights that are not one for each text field, or beside passages that are kept'),
});

/**
 * What an index says of its vectors, under `_meta.termweave` of its mapping: which fields hold vectors, of which texts, made by
 * which model, in which dialect. Whoever writes to the index or asks it reads the plan first.
 */
export type VectorPlan = z.infer<typeof vectorPlan>;

/** An index without a plan, or with one that cannot be read. */
export class NoVectorPlan extends Fault {
  readonly code = 'INDEX_WITHOUT_PLAN';
  constructor(
    readonly index: string,
    found: string,
  ) {
    super({
      asked: `the vectors of index ${index}`,
      found,
      remedy: 'Make the index with `termweave index` or `termweave reindex`, which write the plan',
    });
  }
}

/** Whether a mapping speaks of a plan at all, be it one that {@link readVectorPlan} cannot read. */
export function hasVectorPlan(mappings: JsonObject): boolean {
  return (mappings._meta as { termweave?: unknown } | undefined)?.termweave !== undefined;
}

/**
 * The plan in an index's mapping.
 * @param mappings the index's `mappings`, as the engine gives them.
 * @throws {NoVectorPlan} where there is none, or one that cannot be read.
 */
export function readVectorPlan(index: string, mappings: JsonObject): VectorPlan {
  if (!hasVectorPlan(mappings)) throw new NoVectorPlan(index, 'no _meta.termweave in its mapping');
  const read = vectorPlan.safeParse((mappings._meta as JsonObject).termweave);
  if (!read.success) {
    throw new NoVectorPlan(
      index,
      `an unreadable _meta.termweave: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`,
    );
  }
  return read.data;
}

/** What a plan is made from. */
export interface PlanParts {
  readonly model: ModelStamp;
  readonly vocabulary: { readonly fingerprint: string };
  readonly dialect: { readonly name: string };
  readonly vectors: Readonly<Record<string, VectorField>>;
}

/** The plan of a new index. */
export function planFor({ model, vocabulary, dialect, vectors }: PlanParts): VectorPlan {
  const { id, weights, configuration, pooling, prompts, precision, maxTokens, compiler, device } = model;
  const isWeighed = Object.values(vectors).some((made) => made.weights);
  return {
    format: isWeighed ? FORMATS.weighed : FORMATS.joined,
    model: { id, weights, configuration, pooling, prompts, precision, maxTokens, compiler, device },
    vocabulary: vocabulary.fingerprint,
    dialect: dialect.name,
    vectors: { ...vectors },
  };
}
