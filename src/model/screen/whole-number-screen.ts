import { LARGEST_ACTIVATION, LARGEST_FACTOR, type WholeNumberScreen } from '../graph/decoder/screen.js';
import type { Tensor } from '../safetensors.js';
import { norm } from './products.js';
import { gamma, roundedUp, UNIT } from './rounding.js';

/** Looked up once: in a context of its own (`node:vm`, as tests have) each look-up of a global takes many times as long as the arithmetic. */
const { abs, fround, max, min, round } = Math;

/**
 * How far a state's coordinate lies from its whole number, in steps: a half, and the roundings of the quotient (127 units) and of the sum with 128.5
 * (256 units).
 */
const OFF_BY = 0.5 + 2 ** -14;
/** Roundings of the product with scale and step, and of the sums that it takes part in, in units of its size. */
const PRODUCT_ROUNDINGS = 8;
/** Above the roundings of a table's entry, of its product with norm or step, and of that one's place in the sums. */
const SLACK = 1 + 2 ** -20;
/** Above the roundings of `constants` itself and of the sum that it takes part in, in units of its size. */
const CONSTANT_ROUNDINGS = 8;
/** Above a norm, of up to 2048 coordinates, of which all squares vanish in float32, and above products that vanish beside it. */
const VANISHING = 1e-17;

/**
 * Makes the tables of a {@link WholeNumberScreen}.
 *
 * Let `q` be the whole numbers of an entry, `s` its scale, `e = w - s q` what they leave of the decoder's row `w`; `b` the whole numbers of a state
 * and `r = h - step b` what they leave of it. Then
 *
 *     <h, w> = step s <b, q> + <r, s q> + <h, e>
 *     <r, s q> <= step OFF_BY |s q|_1,   <h, e> <= |h| |e|
 *
 * The inner product of whole numbers is exact, also as float32, up to 2048 coordinates: 127 x 63 x 2048 < 2^24 (`isScreenable` ends at 512). Float32 evaluates the logit with an error of at most
 * gamma(hidden + 2) |h| |w| (see `screenOfRank`), and the bound's own roundings are shares of its parts: those of the first are below its size, step
 * 127 |s q|_1, which is why they are told in steps. The parts are added in any order, for a runtime may fuse the small product that makes the other three with
 * the addition of the first: four additions at most, each off by a unit of the sizes of its parts, which the slacks above count. As there, what decides is a sign,
 * which the logit's last addition keeps, and numbers that overflow make a bound that is infinite or no number, and neither excludes.
 */
export function wholeNumberScreen(decoder: Tensor, bias: Float32Array): WholeNumberScreen {
  const [vocabulary, hidden] = decoder.shape as [number, number];
  const screen = {
    kind: 'whole-numbers' as const,
    table: { shape: [vocabulary, hidden], data: new Float32Array(vocabulary * hidden) },
    scales: new Float32Array(vocabulary),
    constants: new Float32Array(vocabulary),
    perNorm: new Float32Array(vocabulary),
    perStep: new Float32Array(vocabulary),
  };
  const error = gamma(2 * hidden + 16);
  for (let v = 0; v < vocabulary; v++) {
    const weights = decoder.data.subarray(v * hidden, (v + 1) * hidden);
    const scale = fround(weights.reduce((most, value) => max(most, abs(value)), 0) / LARGEST_FACTOR) || 1;
    const factors = weights.map((value) => max(-LARGEST_FACTOR, min(LARGEST_FACTOR, round(value / scale))));
    const left = Float64Array.from(weights, (value, i) => value - scale * factors[i]!);
    const size = factors.reduce((sum, factor) => sum + abs(factor), 0) * scale;
    screen.table.data.set(factors, v * hidden);
    screen.scales[v] = scale;
    screen.perStep[v] = roundedUp(size * (OFF_BY + PRODUCT_ROUNDINGS * UNIT * LARGEST_ACTIVATION) * SLACK);
    screen.perNorm[v] = roundedUp((norm(left) + error * norm(weights)) * SLACK);
    const constant = bias[v]!;
    screen.constants[v] = roundedUp(
      constant + CONSTANT_ROUNDINGS * UNIT * abs(constant) + VANISHING * (1 + size + norm(weights)),
    );
  }
  return screen;
}
