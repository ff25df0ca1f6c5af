import { GROUP_WIDTH, type LowRankScreen } from '../graph/decoder/screen.js';
import type { Tensor } from '../safetensors.js';
import type { Basis } from './balanced-basis.js';
import { columnsOfRank, folded } from './folded.js';
import { dot, matrixTimes, norm, sum, timesMatrix } from './products.js';
import { gamma, roundedUp, UNIT } from './rounding.js';

/** Above the error of a norm of {@link GROUP_WIDTH} values in float32, 6 units. */
const GROUP_NORM_SLACK = 1 + 2 ** -20;
/** Above the rounding of a state's norm times `perNorm`, and of its place in the sum. */
const PER_NORM_SLACK = 1 + 2 ** -20;
/** Above the roundings of `constants` itself and of the two sums that it takes part in, in units of its size. */
const CONSTANT_ROUNDINGS = 8;
/** Above a norm of which all squares vanish in float32: (GROUP_WIDTH 2^-126)^(1/2), and as much again for the state's own. */
const VANISHING = 1e-18;

/**
 * Makes the tables of a {@link LowRankScreen}.
 *
 * Let `T` be the transform and `s` the shift (float32, exact as they stand), `x = h T + s`, `y` the entry's coordinates, rounded to
 * float32, and `e = w - T y` what that leaves of the decoder's row `w`. Then
 *
 *     <h, w> = <h T, y> + <h, e> = <x, y> - <s, y> + <h, e>
 *     <x, y> = sum over leading x_j y_j + sum over groups <x_g, y_g> <= <f(x), t>,   t = (leading y_j, |y_g|)
 *     <h, e> <= |h| |e|
 *
 * by Cauchy-Schwarz. Float32 evaluates an inner product of n terms with an error of at most gamma(n) times the sum of the terms'
 * absolute values, in any order (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1). Since
 * `|x_j| <= |h| |T_j| + |s_j|`, folding gives `|f(x)_c| <= |h| tau_c + sigma_c`, and the errors of `x`, of `<f(x), t>`, of the sums
 * after it and of the logit itself are together at most
 *
 *     gamma(n) sum over c (|h| tau_c + sigma_c) |t_c| + gamma(n) |h| |w|,   n = 2 (hidden + columns) + 16
 *
 * which, with `|e|`, is where `perNorm` and the slack in `constants` come from. Of `n`, hidden + 1 roundings are those of `x`, columns those
 * of the product, hidden those of the logit and 2 those of the sums after it; the rest of it stands for products of errors. What
 * decides is a sign, and the last addition of either side keeps the sign of the exact sum, as every correctly rounded one does.
 * Numbers that overflow make a bound that is infinite or no number, and neither excludes.
 * @param rank a multiple of {@link GROUP_WIDTH} below hidden
 */
export function screenOfRank(rank: number, basis: Basis, decoder: Tensor, bias: Float32Array): LowRankScreen {
  const [vocabulary, hidden] = decoder.shape as [number, number];
  const transform = Float32Array.from(basis.transform);
  const shift = Float32Array.from(timesMatrix(basis.mean, transform, new Float64Array(hidden)), (value) => -value);
  const columns = columnsOfRank(hidden, rank);
  const screen = {
    kind: 'low-rank' as const,
    rank,
    transform: { shape: [hidden, hidden], data: transform },
    shift,
    table: { shape: [vocabulary, columns], data: new Float32Array(vocabulary * columns) },
    constants: new Float32Array(vocabulary),
    perNorm: new Float32Array(vocabulary),
  };
  const error = gamma(2 * (hidden + columns) + 16);
  const tau = folded(columnNorms(transform, hidden), rank, new Float64Array(columns));
  const sigma = folded(shift, rank, new Float64Array(columns)).map(Math.abs);
  const [coordinates, row, backs] = [new Float64Array(hidden), new Float64Array(columns), new Float64Array(hidden)];
  for (let v = 0; v < vocabulary; v++) {
    const weights = decoder.data.subarray(v * hidden, (v + 1) * hidden);
    const y = timesMatrix(weights, basis.dual, coordinates).map(Math.fround);
    folded(y, rank, row);
    for (let c = rank; c < columns; c++) row[c] = roundedUp(row[c]! * GROUP_NORM_SLACK);
    screen.table.data.set(row, v * columns);
    const sizes = row.map(Math.abs);
    const left = matrixTimes(transform, y, backs).map((value, i) => weights[i]! - value);
    const constant = bias[v]! - dot(shift, y) + error * dot(sigma, sizes);
    screen.constants[v] = roundedUp(constant + CONSTANT_ROUNDINGS * UNIT * Math.abs(constant) + VANISHING * sum(sizes));
    screen.perNorm[v] = roundedUp((norm(left) + error * (dot(tau, sizes) + norm(weights))) * PER_NORM_SLACK);
  }
  return screen;
}

function columnNorms(matrix: Float32Array, size: number): Float64Array {
  const squares = new Float64Array(size);
  matrix.forEach((value, i) => {
    squares[i % size]! += value ** 2;
  });
  return squares.map(Math.sqrt);
}
