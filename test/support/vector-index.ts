import { dialectForNewField } from '../../src/dialect/choose-dialect.js';
import type { Dialect, DialectName, JsonObject } from '../../src/dialect/dialect.js';
import { storedFeatures } from '../../src/dialect/stored-features.js';
import type { Engine } from '../../src/engine/engine.js';
import { mappingFor } from '../../src/mapping/index-body.js';
import type { VectorPlan } from '../../src/mapping/vector-plan.js';
import type { SparseVector } from '../../src/sparse/sparse-vector.js';
import { freshName } from './engines.js';

export const FIELD = 'splade';

/** A plan for tests that bring their own vectors. */
export function planOf(vocabulary: string, dialect: string): VectorPlan {
  const model = { id: 'test', weights: '0', pooling: 'max', precision: 'float32', maxTokens: 256, compiler: 1 };
  return { format: 1, model, vocabulary, dialect, vectors: { [FIELD]: { from: ['text'], pruning: 'none' } } };
}

/** Makes an index of vectors with ids `d0`, `d1`, …, or those given, in the dialect named or the engine's own, with further settings. */
export async function indexVectors(
  engine: Engine,
  vectors: readonly SparseVector[],
  ids: readonly string[] = vectors.map((_, i) => `d${i}`),
  named?: DialectName | Dialect,
  settings?: JsonObject,
): Promise<{ index: string; dialect: Dialect }> {
  const index = freshName('vectors');
  const dialect = typeof named === 'object' ? named : dialectForNewField(engine.version, named);
  await engine.createIndex(index, {
    ...mappingFor({ dialect, plan: planOf(vectors[0]!.vocabulary.fingerprint, dialect.name), settings }),
  });
  for (let from = 0; from < vectors.length; from += 500) {
    const outcomes = await engine.bulk(
      index,
      vectors.slice(from, from + 500).map((vector, i) => ({
        kind: 'index',
        id: ids[from + i]!,
        source: { text: `document ${from + i}`, [FIELD]: storedFeatures(vector, dialect) },
      })),
    );
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  }
  await engine.refresh(index);
  return { index, dialect };
}
