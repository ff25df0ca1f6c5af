import type { Encoder } from '../../src/encoder/encoder.js';
import type { VectorPlan } from '../../src/mapping/vector-plan.js';
import { toyVector, toyVocabulary } from './toy-encoder.js';

/** The toy encoder as the model that a plan names. */
export function toyModel({ model }: VectorPlan): Pick<Encoder, 'encode' | 'vocabulary' | 'identity'> {
  return {
    vocabulary: toyVocabulary,
    identity: model as Encoder['identity'],
    encode: async (texts) => texts.map((text) => ({ vector: toyVector(text), tokens: 1, truncated: false })),
  };
}
