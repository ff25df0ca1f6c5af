import { GROUP_WIDTH, type Screen } from '../graph/decoder/screen.js';
import { isFinite32, type Tensor } from '../safetensors.js';
import { balancedBasis } from './balanced-basis.js';
import { bestRank } from './best-rank.js';
import { screenOfRank } from './screen-of-rank.js';
import { screeningCost, WORTH_IT } from './screening-cost.js';
import { wholeNumberScreen } from './whole-number-screen.js';
import { wholeNumberShare } from './whole-number-share.js';

/** What a screen is made from. */
export interface ScreenParts {
  /** float32 [samples, hidden]: typical states, as the decoder multiplies them. They decide how much is saved, and nothing else. */
  readonly states: Tensor;
  /** float32 [vocabulary, hidden] */
  readonly decoder: Tensor;
  /** float32 [vocabulary] */
  readonly bias: Float32Array;
  /** The time that products of bytes take on this machine, as a share of that of products of float32: about a quarter with VNNI. */
  readonly timeOfBytes: number;
}

/** Wider networks spend most of their time elsewhere: with 768 and 12 layers the decoder is a fifth of the arithmetic. */
const WIDEST = 512;
/** Making a low-rank screen takes vocabulary x hidden^2 steps, three times; this many are about a minute. */
const MOST_STEPS = 1e10;

/** Whether a screen can be made for a decoder, and may be worth the making. */
export function isScreenable([vocabulary, hidden]: readonly [vocabulary: number, hidden: number]): boolean {
  return hidden <= WIDEST && vocabulary * hidden ** 2 <= MOST_STEPS;
}

/**
 * Makes the screen of a decoder that takes the least time on typical states: a low-rank one, of the best rank, or one of whole numbers.
 * @returns undefined where a screen does not pay: too little is saved, or the states or weights make tables that are not finite.
 */
export function makeScreen(parts: ScreenParts): Screen | undefined {
  const { states, decoder, bias } = parts;
  if (![states.data, decoder.data, bias].every(isFinite32)) return undefined;
  const offers = [wholeNumberOffer(parts), lowRankOffer(parts)].filter((offer) => offer !== undefined);
  const [cheapest] = offers.filter(({ cost }) => cost < WORTH_IT).sort((a, b) => a.cost - b.cost);
  const screen = cheapest?.make();
  return screen && Object.values(screen).every(isFiniteTable) ? screen : undefined;
}

/** A screen that could be made, and what screening by it would cost, see {@link screeningCost}. */
interface Offer {
  readonly cost: number;
  make(): Screen;
}

function lowRankOffer({ states, decoder, bias }: ScreenParts): Offer | undefined {
  if (decoder.shape[1]! % GROUP_WIDTH !== 0) return undefined;
  const basis = balancedBasis(states, decoder);
  const { rank, cost } = bestRank(basis, states, decoder, bias);
  return { cost, make: () => screenOfRank(rank, basis, decoder, bias) };
}

function wholeNumberOffer({ states, decoder, bias, timeOfBytes }: ScreenParts): Offer {
  const cost = screeningCost(timeOfBytes, wholeNumberShare(states, decoder, bias));
  return { cost, make: () => wholeNumberScreen(decoder, bias) };
}

function isFiniteTable(part: Screen[keyof Screen] | Tensor | Float32Array | number): boolean {
  if (typeof part !== 'object') return true;
  return isFinite32('data' in part ? part.data : part);
}
