import { GROUP_WIDTH, type Screen } from '../graph/decoder/screen.js';
import { isFinite32, type Tensor } from '../safetensors.js';
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

/** Wider networks spend most of their time elsewhere: with 768 and 12 layers the decoder is a fifth of the arithmetic. */
const WIDEST = 512;
/** Making a screen takes vocabulary x hidden^2 steps, three times; this many are about a minute. */
const MOST_STEPS = 1e10;

/** Whether a screen can be made for a decoder, [vocabulary, hidden], and is worth the making. */
export function isScreenable([vocabulary, hidden]: readonly [vocabulary: number, hidden: number]): boolean {
  return hidden <= WIDEST && hidden % GROUP_WIDTH === 0 && vocabulary * hidden ** 2 <= MOST_STEPS;
}

/**
 * Makes the screen of a decoder, of the rank that needs the fewest multiplications on typical states.
 * @returns undefined where a screen does not pay: too little is saved, or the states or weights make tables that are not finite.
 */
export function makeScreen({ states, decoder, bias }: ScreenParts): Screen | undefined {
  if (![states.data, decoder.data, bias].every(isFinite32)) return undefined;
  const basis = balancedBasis(states, decoder);
  const rank = bestRank(basis, states, decoder, bias);
  if (rank === undefined) return undefined;
  const screen = screenOfRank(rank, basis, decoder, bias);
  const { transform, shift, table, constants, perNorm } = screen;
  return [transform.data, shift, table.data, constants, perNorm].every(isFinite32) ? screen : undefined;
}
