import type { JsonObject } from '../../dialect/dialect.js';
import type { SparseVector } from '../../sparse/sparse-vector.js';

/** The largest stored weight of each term of an index, at one state of the index: no document adds more for the term than query weight x ceiling. */
export interface Ceilings {
  /** The vocabulary's fingerprint. */
  readonly vocabulary: string;
  /** `Engine.writeMark` of the state: with any other mark they may be too low. */
  readonly mark: string;
  /** By vocabulary id; 0 for a term that no document has. */
  readonly weights: Float32Array;
}

/** The most that one document can get from each entry of a query: `float32(query weight x ceiling)`, in the order of the entries. */
export function largestProducts(query: SparseVector, { weights }: Ceilings): Float32Array {
  return query.weights.map((weight, i) => weight * weights[query.ids[i]!]!);
}

/** Ceilings as the source of a document: weights as base64 of little-endian float32, about 160 kB for BERT's vocabulary. */
export function writeCeilings({ vocabulary, mark, weights }: Ceilings): JsonObject {
  const view = new DataView(new ArrayBuffer(4 * weights.length));
  weights.forEach((weight, id) => {
    view.setFloat32(4 * id, weight, true);
  });
  return { vocabulary, mark, weights: Buffer.from(view.buffer).toString('base64') };
}

/** The inverse of {@link writeCeilings}. */
export function readCeilings(source: JsonObject): Ceilings {
  const bytes = Buffer.from(source.weights as string, 'base64');
  const weights = Float32Array.from({ length: bytes.length / 4 }, (_, id) => bytes.readFloatLE(4 * id));
  return { vocabulary: source.vocabulary as string, mark: source.mark as string, weights };
}
