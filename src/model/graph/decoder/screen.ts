import type { Tensor } from '../../safetensors.js';

/** Coordinates of a state that a screen takes together, by their norm. */
export const GROUP_WIDTH = 8;

/**
 * Tables of an upper bound on a decoder's logits that costs less than the logits: see `screenOfRank`, which also proves it. For a state
 * `h` and its coordinates `x = h transform + shift`, with `f(x)` the first `rank` of them followed by the norms of the rest in
 * groups of {@link GROUP_WIDTH}:
 *
 *     logit(h, v) <= <f(x), table[v]> + constants[v] + |h| perNorm[v]
 *
 * and where float32 arithmetic makes a logit positive, it makes the bound positive, whatever the order of its additions.
 */
export interface Screen {
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
