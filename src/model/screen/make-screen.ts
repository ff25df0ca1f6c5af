import { GROUP_WIDTH, type Screen } from '../graph/decoder/screen.js';
import type { Tensor } from '../safetensors.js';
import { balancedBasis } from './balanced-basis.js';
import { bestRank } from './best-rank.js';
import { screenOfRank } from './screen-of-rank.js';

/** What a screen is made from. */
export interface ScreenParts {
  /** float32 [samples, hidden]: typical states, as the decoder multiplies them. They decide how much is saved, and nothing else. */
  readonly states: Tensor;
  /** float32 [vocabulary, hidden] */
  readonly decoder: Tensor;
  /** float32 [vocabulary] */
  readonly bias: Float32Array;
}

/** Making a screen takes vocabulary x hidden^2 steps (20 s here for 512), and wider networks spend most of their time elsewhere. */
const WIDEST = 512;
/**
 * Makes the screen of a decoder, of the rank that needs the fewest multiplications on typical states.
 * @returns undefined where a screen does not pay: networks too wide, coordinates that make no groups, or too little saved.
 */
export function makeScreen({ states, decoder, bias }: ScreenParts): Screen | undefined {
  const hidden = decoder.shape[1]!;
  if (hidden > WIDEST || hidden % GROUP_WIDTH > 0) return undefined;
  const basis = balancedBasis(states, decoder);
  const rank = bestRank(basis, states, decoder, bias);
  return rank === undefined ? undefined : screenOfRank(rank, basis, decoder, bias);
}
