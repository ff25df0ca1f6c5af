import type { Dialect, JsonObject } from '../dialect/dialect.js';
import type { FeatureWriter } from '../dialect/feature-writer.js';
import type { JsonText } from '../dialect/json-text.js';
import { storedFeatures } from '../dialect/stored-features.js';
import type { Pruning } from '../sparse/pruning.js';
import { SparseVector } from '../sparse/sparse-vector.js';

/** What a vector field of a document is made from. */
export interface FieldVectors {
  /** The vector of the whole text. */
  readonly vector: SparseVector;
  /** Where the index keeps passages: those of the text, each with its own vector. */
  readonly passages?: readonly PassageVector[];
}

export interface PassageVector {
  readonly text: string;
  readonly vector: SparseVector;
}

/**
 * The vectors of a text as they are to be stored: pruned, and none of no text, for a model has something to say of that, too, and a
 * document must not be found by it.
 * @param encoded what the encoder gave for the text.
 */
export function fieldVectors(text: string, encoded: FieldVectors, pruning: Pruning): FieldVectors {
  const { vector, passages } = encoded;
  if (text.trim() === '') return { vector: SparseVector.empty(vector.vocabulary), ...(passages && { passages: [] }) };
  const pruned = passages?.map((passage) => ({ text: passage.text, vector: pruning.prune(passage.vector) }));
  return { vector: pruning.prune(vector), ...(pruned && { passages: pruned }) };
}

/** A vector field as a document carries it: features, or a list of passages with theirs. */
export function storedField(field: FieldVectors, dialect: Dialect): JsonObject | JsonObject[] {
  return fieldOf(field, (vector) => storedFeatures(vector, dialect));
}

/** {@link storedField} with its vectors written already, for a document that goes out as JSON. */
export function writtenField(field: FieldVectors, writer: FeatureWriter): JsonText | JsonObject[] {
  return fieldOf(field, (vector) => writer.write(vector));
}

function fieldOf<T>({ vector, passages }: FieldVectors, featuresOf: (vector: SparseVector) => T): T | JsonObject[] {
  if (!passages) return featuresOf(vector);
  return passages.map((passage) => ({ text: passage.text, vector: featuresOf(passage.vector) }));
}
