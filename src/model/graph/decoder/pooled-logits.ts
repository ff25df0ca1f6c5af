import type { Value } from '../../onnx/graph-builder.js';

/** What a decoder leaves of a batch after pooling, for all of the vocabulary or for some of it. */
export interface Pooled {
  /** float32 [texts, columns] */
  readonly values: Value;
  /** int32 [columns], ascending: the vocabulary id of each column; absent where column `v` is id `v`. */
  readonly ids?: Value;
}
