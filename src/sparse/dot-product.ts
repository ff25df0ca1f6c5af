import type { SparseVector } from './sparse-vector.js';

/**
 * The dot product of two vectors in double precision, entries in order of id.
 * @throws {VocabularyMismatch} for vectors of different vocabularies.
 */
export function dotProduct(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (const product of sharedProducts(a, b)) sum += product.value;
  return sum;
}

/** The product of one term that two vectors share, `value = a.weight * b.weight` in double precision. */
export interface Product {
  readonly id: number;
  readonly value: number;
  readonly weights: readonly [a: number, b: number];
}

/**
 * The products of the terms that two vectors share, in order of id.
 * @throws {VocabularyMismatch} for vectors of different vocabularies.
 */
export function* sharedProducts(a: SparseVector, b: SparseVector): Generator<Product> {
  a.vocabulary.mustEqual(b.vocabulary);
  let i = 0;
  let j = 0;
  while (i < a.size && j < b.size) {
    const difference = a.ids[i]! - b.ids[j]!;
    if (difference === 0) {
      const weights = [a.weights[i]!, b.weights[j]!] as const;
      yield { id: a.ids[i]!, value: weights[0] * weights[1], weights };
    }
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
}
