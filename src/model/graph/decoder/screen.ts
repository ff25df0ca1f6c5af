import type { Tensor } from '../../safetensors.js';

/** Coordinates of a state that a low-rank screen takes together, by their norm. */
export const GROUP_WIDTH = 8;

/** The largest factor of a whole-number screen: of 7 bits, as `int8Weights` says why. */
export const LARGEST_FACTOR = 63;

/** The largest whole number that a coordinate of a state is written as. */
export const LARGEST_ACTIVATION = 127;

/**
 * Tables of an upper bound on a decoder's logits that costs less than the logits. Where float32 arithmetic makes a logit positive, it makes the
 * bound positive, whatever the order of its additions.
 */
export type Screen = LowRankScreen | WholeNumberScreen;

/**
 * Fewer multiplications: see `screenOfRank`, which also proves it. For a state `h` and its coordinates `x = h transform + shift`, with `f(x)` the
 * first `rank` of them followed by the norms of the rest in groups of {@link GROUP_WIDTH}:
 *
 *     logit(h, v) <= <f(x), table[v]> + constants[v] + |h| perNorm[v]
 */
export interface LowRankScreen {
  readonly kind: 'low-rank';
  readonly rank: number;
  /** [hidden, hidden] */
  readonly transform: Tensor;
  /** [hidden] */
  readonly shift: Float32Array;
  /** [vocabulary, rank + groups] */
  readonly table: Tensor;
  /** [vocabulary], the decoder's bias among them. */
  readonly constants: Float32Array;
  /** [vocabulary] */
  readonly perNorm: Float32Array;
}

/**
 * Cheaper multiplications, where the processor has them: see `wholeNumberScreen`, which also proves it. For a state `h`, written as whole numbers
 * `b` of up to {@link LARGEST_ACTIVATION} times a `step`:
 *
 *     logit(h, v) <= step scales[v] <b, table[v]> + constants[v] + |h| perNorm[v] + step perStep[v]
 */
export interface WholeNumberScreen {
  readonly kind: 'whole-numbers';
  /** Whole numbers up to {@link LARGEST_FACTOR}: [vocabulary, hidden] */
  readonly table: Tensor;
  /** What one is worth in each row: [vocabulary] */
  readonly scales: Float32Array;
  /** [vocabulary], the decoder's bias among them. */
  readonly constants: Float32Array;
  /** [vocabulary] */
  readonly perNorm: Float32Array;
  /** [vocabulary] */
  readonly perStep: Float32Array;
}
