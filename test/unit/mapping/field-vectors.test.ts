import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { fieldVectors, storedField } from '../../../src/mapping/field-vectors.js';
import { topK } from '../../../src/sparse/pruning.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { toyVocabulary } from '../../support/toy-encoder.js';

const vector = (terms: Record<string, number>) => SparseVector.fromTerms(toyVocabulary, terms);
const PASSAGES = [
  { text: 'first', vector: vector({ tok1: 2, tok2: 1 }) },
  { text: 'second', vector: vector({ tok2: 3, tok3: 0.5 }) },
];
const ENCODED = { vector: vector({ tok1: 2, tok2: 3, tok3: 0.5 }), passages: PASSAGES };

describe('the vectors of a field', () => {
  it('are pruned one by one, and stored as the features of the text or as a list of passages', () => {
    const { passages, ...whole } = fieldVectors('first second', ENCODED, topK(1));
    expect(storedField(whole, rankFeatures)).toEqual({ tok2: 3 });
    expect(storedField({ ...whole, passages }, rankFeatures)).toEqual([
      { text: 'first', vector: { tok1: 2 } },
      { text: 'second', vector: { tok2: 3 } },
    ]);
  });

  it('are none of no text, whatever the model says of it', () => {
    const { passages, ...whole } = fieldVectors('', ENCODED, topK(1));
    expect(storedField(whole, rankFeatures)).toEqual({});
    expect(storedField({ ...whole, passages }, rankFeatures)).toEqual([]);
    expect(fieldVectors('', { vector: ENCODED.vector }, topK(1))).not.toHaveProperty('passages');
  });
});
