import type { JsonObject } from '../dialect/dialect.js';
import { maximumOf } from '../sparse/maximum-of.js';
import { type Pruning, unpruned } from '../sparse/pruning.js';
import { SparseVector } from '../sparse/sparse-vector.js';
import { documentText, type NotText } from './document-text.js';
import { type FieldVectors, fieldVectors } from './field-vectors.js';
import type { VectorField } from './vector-plan.js';

/** Which texts a vector field is made of, and how. */
export type FieldTexts = Pick<VectorField, 'from' | 'weights'>;

/** The text fields, each as `--text` names it: `title`, or with its weight `title^2`. */
export function writtenFields({ from, weights }: FieldTexts): string[] {
  return from.map((field, i) => (weights ? `${field}^${weights[i]}` : field));
}

/** How many texts of a document a vector field is made of: as many as {@link textsOf} gives. */
export function textsEach({ from, weights }: FieldTexts): number {
  return weights ? from.length : 1;
}

/**
 * The texts of a document that a vector field is made of, each to be encoded by itself: that of all its fields, joined, or, where they have weights, that of each
 * field, in their order; a field without text has an empty one.
 */
export function textsOf(source: JsonObject, { from, weights }: FieldTexts): readonly string[] | NotText {
  const texts: string[] = [];
  for (const fields of weights ? from.map((field) => [field]) : [from]) {
    const text = documentText(source, fields);
    if (typeof text !== 'string') return text;
    texts.push(text);
  }
  return texts;
}

/** What came for each of several groups of texts that went in one list: `came`, in parts as long as the groups. */
export function byGroup<T>(groups: readonly (readonly string[])[], came: readonly T[]): T[][] {
  let end = 0;
  return groups.map(({ length }) => {
    end += length;
    return came.slice(end - length, end);
  });
}

/**
 * The vectors of a field as they are to be stored, of its texts. Where they have weights, an entry has the largest of its weights in the texts' vectors, each
 * times that of its field, rounded to float32: as the vector of a long text is the maximum of those of its passages.
 * @param texts as {@link textsOf} gives them; `encoded` what the encoder gave for each.
 */
export function vectorsOfTexts(
  texts: readonly string[],
  encoded: readonly FieldVectors[],
  { weights, pruning }: { readonly weights?: readonly number[]; readonly pruning: Pruning },
): FieldVectors {
  if (!weights) return fieldVectors(texts[0]!, encoded[0]!, pruning);
  const weighed = texts.map((text, i) => {
    const { vector } = fieldVectors(text, encoded[i]!, unpruned);
    return vector.mapWeights((weight) => weight * weights[i]!);
  });
  const { ids, weights: largest } = maximumOf(weighed);
  return { vector: pruning.prune(new SparseVector(weighed[0]!.vocabulary, ids, largest)) };
}
