/** Raised with every change of what the compiler writes; compiled files of another version are built anew. */
export const COMPILER_VERSION = 3;

/** How the numbers are held. */
export type Precision = 'float32';

/**
 * What makes two sets of vectors comparable: model, weights, pooling, precision, cut. It goes into an index's `_meta`, and a
 * query encoded under another identity is refused.
 */
export interface ModelIdentity {
  /** The name of a named model, a hub id, or the name of a local folder. */
  readonly id: string;
  /** SHA-256 of the weights, hexadecimal. */
  readonly weights: string;
  readonly pooling: string;
  readonly precision: Precision;
  /** Texts are cut to this many tokens, special ones included. */
  readonly maxTokens: number;
  readonly compiler: number;
}
