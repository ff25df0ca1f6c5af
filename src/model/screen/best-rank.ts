import { GROUP_WIDTH } from '../graph/decoder/screen.js';
import type { Tensor } from '../safetensors.js';
import type { Basis } from './balanced-basis.js';
import { columnsOfRank } from './folded.js';
import { dot, norm, timesMatrix } from './products.js';
import { SAMPLED_ENTRIES, SAMPLED_STATES, screeningCost } from './screening-cost.js';

/** A rank, and what screening by it costs on typical states, see {@link screeningCost}. */
export interface CostOfRank {
  readonly rank: number;
  readonly cost: number;
}

/** The rank that needs the fewest multiplications on typical states, counting the bounds' own and those for the candidates that they leave. */
export function bestRank(basis: Basis, states: Tensor, decoder: Tensor, bias: Float32Array): CostOfRank {
  const hidden = decoder.shape[1]!;
  let best: CostOfRank = { rank: 0, cost: Number.POSITIVE_INFINITY };
  for (const [step, share] of candidateShares(basis, states, decoder, bias).entries()) {
    const rank = step * GROUP_WIDTH;
    const cost = screeningCost(columnsOfRank(hidden, rank) / hidden, share);
    if (cost < best.cost) best = { rank, cost };
  }
  return best;
}

/** For ranks 0, {@link GROUP_WIDTH}, ...: the share of the vocabulary whose bound is positive at any position. */
function candidateShares(basis: Basis, states: Tensor, decoder: Tensor, bias: Float32Array): Float64Array {
  const hidden = decoder.shape[1]!;
  const positions = centredRows(states, SAMPLED_STATES, basis.mean).map((row) => transformed(row, basis.transform));
  const groups = hidden / GROUP_WIDTH;
  const shares = new Float64Array(groups);
  const [vocabulary] = decoder.shape as [number];
  const stride = Math.ceil(vocabulary / SAMPLED_ENTRIES);
  const entries = Math.ceil(vocabulary / stride);
  for (let v = 0; v < vocabulary; v += stride) {
    const row = decoder.data.subarray(v * hidden, (v + 1) * hidden);
    const entry = transformed(row, basis.dual);
    const constant = bias[v]! + dot(basis.mean, row);
    const largest = new Float64Array(groups).fill(-Infinity);
    for (const position of positions) raiseTo(largest, position, entry);
    for (let step = 0; step < groups; step++) if (!(largest[step]! + constant <= 0)) shares[step]! += 1 / entries;
  }
  return shares;
}

interface Transformed {
  readonly values: Float64Array;
  /** Of each group. */
  readonly norms: Float64Array;
}

function transformed(row: ArrayLike<number>, matrix: Float64Array): Transformed {
  const values = timesMatrix(row, matrix, new Float64Array(row.length));
  const norms = Float64Array.from({ length: row.length / GROUP_WIDTH }, (_, group) =>
    norm(values.subarray(group * GROUP_WIDTH, (group + 1) * GROUP_WIDTH)),
  );
  return { values, norms };
}

/** Raises the bound of each rank to that of one position. */
function raiseTo(largest: Float64Array, position: Transformed, entry: Transformed): void {
  let bound = dot(position.norms, entry.norms);
  for (let step = 0; step < largest.length; step++) {
    if (bound > largest[step]!) largest[step] = bound;
    bound -= position.norms[step]! * entry.norms[step]!;
    for (let i = step * GROUP_WIDTH; i < (step + 1) * GROUP_WIDTH; i++) bound += position.values[i]! * entry.values[i]!;
  }
}

function centredRows({ shape, data }: Tensor, most: number, centre: Float64Array): Float64Array[] {
  const [rows, columns] = shape as [number, number];
  const stride = Math.ceil(rows / most);
  return Array.from({ length: Math.ceil(rows / stride) }, (_, i) =>
    Float64Array.from(centre, (value, column) => data[i * stride * columns + column]! - value),
  );
}
