import { SparseVector } from '../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../src/sparse/vocabulary.js';

/** 512 tokens that words fall on: enough for documents to share some and not all. */
export const toyVocabulary = new Vocabulary(Array.from({ length: 512 }, (_, i) => `tok${i}`));

/** Every word gives itself and two "expansions", of weights that depend on the word alone. Deterministic, no model. */
export function toyVector(text: string): SparseVector {
  const terms: Record<string, number> = {};
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    for (const [rank, weight] of [1.5, 0.75, 0.3125].entries()) terms[toyVocabulary.tokenOf(hash(word, rank))] = weight;
  }
  return SparseVector.fromTerms(toyVocabulary, terms);
}

/** The last word of a text that gives each id: later words overwrite earlier ones in {@link toyVector}. */
export function toyWordsBehind(text: string, ids: Uint32Array): (string | undefined)[] {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from(ids, (id) =>
    words.findLast((word) => [0, 1, 2].some((rank) => hash(word.toLowerCase(), rank) === id)),
  );
}

/** The toy vectors of texts, as `translate` takes them. */
export function toyVectors(texts: readonly string[]): Map<string, SparseVector> {
  return new Map(texts.map((text) => [text, toyVector(text)]));
}

function hash(word: string, seed: number): number {
  let value = 2166136261 ^ seed;
  for (let i = 0; i < word.length; i++) value = Math.imul(value ^ word.charCodeAt(i), 16777619);
  return (value >>> 0) % toyVocabulary.size;
}
