import { dialectForField } from '../../dialect/choose-dialect.js';
import type { JsonObject } from '../../dialect/dialect.js';
import type { FeatureNames } from '../../dialect/feature-names.js';
import type { Engine, Hit } from '../../engine/engine.js';
import { NoVectorPlan, readVectorPlan } from '../../mapping/vector-plan.js';
import type { VectorOrigin } from '../export-vectors.js';
import type { TokenVector } from '../token-vector.js';

/** An index that can be read as vectors. */
export interface IndexVectors {
  readonly origin: VectorOrigin;
  documents(): AsyncIterable<TokenVector>;
}

/**
 * The vectors that an index keeps, from one snapshot: as the engine gives them back, which is what it scores with.
 * Documents without a vector come with an empty one.
 * @param field the vector field; the first of the index's plan where none is named.
 * @throws {NoVectorPlan} {@link NotAVectorField}
 */
export async function indexVectors(
  engine: Engine,
  index: string,
  field?: string,
  signal?: AbortSignal,
): Promise<IndexVectors> {
  const { name, mappings } = await engine.describeIndex(index, { signal });
  const plan = readVectorPlan(name, mappings);
  const chosen = field ?? Object.keys(plan.vectors)[0];
  const properties = mappings.properties as Record<string, { type?: string }> | undefined;
  const type = chosen === undefined ? undefined : properties?.[chosen]?.type;
  if (chosen === undefined || type === undefined)
    throw new NoVectorPlan(name, `no field ${JSON.stringify(chosen)} in its mapping`);
  const dialect = dialectForField(engine.version, type);
  return {
    origin: { model: plan.model.id, vocabulary: plan.vocabulary },
    documents: () => pages(engine, name, chosen, dialect.names, dialect.sourceWithVectors, signal),
  };
}

const PAGE = 500;

async function* pages(
  engine: Engine,
  index: string,
  field: string,
  names: FeatureNames,
  sourceWithVectors: JsonObject,
  signal?: AbortSignal,
): AsyncGenerator<TokenVector> {
  await using snapshot = await engine.snapshot(index, { signal });
  const source = { ...sourceWithVectors, includes: [field] };
  for await (const page of snapshot.pages({ size: PAGE, source, signal })) {
    for (const hit of page) yield vectorOf(hit, field, names);
  }
}

function vectorOf({ id, source }: Hit, field: string, names: FeatureNames): TokenVector {
  const features = Object.entries((source?.[field] ?? {}) as Record<string, number>);
  return { id, tokens: features.map(([name]) => names.tokenOf(name)), weights: features.map(([, weight]) => weight) };
}
