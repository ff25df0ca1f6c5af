import { CholeskyDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Tensor } from '../safetensors.js';
import { meanRow } from './products.js';

/** Coordinates in which `<h - mean, w> = <(h - mean) transform, w dual>`, the first of which carry the most of it. */
export interface Basis {
  /** [hidden] */
  readonly mean: Float64Array;
  /** [hidden, hidden], row-major */
  readonly transform: Float64Array;
  /** [hidden, hidden], row-major */
  readonly dual: Float64Array;
}

/** Rows that a covariance is taken from, evenly spread: enough for a thousand dimensions. */
const MOST_ROWS = 8192;
/** Added to the diagonal of a covariance, as a share of its mean: directions that the sample lacks stay possible. */
const RIDGE = 1e-3;

/**
 * The basis that is balanced between states and decoder: both have the same diagonal covariance in it, so that cutting it off after
 * some coordinates loses little on either side. (Balanced truncation: B. C. Moore, Principal component analysis in linear systems,
 * 1981; here with the two covariances in place of the Gramians.)
 * @param states float32 [samples, hidden], typical ones
 * @param decoder float32 [vocabulary, hidden]
 */
export function balancedBasis(states: Tensor, decoder: Tensor): Basis {
  const hidden = decoder.shape[1]!;
  const mean = meanRow(states);
  const ofStates = choleskyFactor(secondMoments(states, mean));
  const ofDecoder = choleskyFactor(secondMoments(decoder, new Float64Array(hidden)));
  const decomposition = new SingularValueDecomposition(ofDecoder.transpose().mmul(ofStates), { autoTranspose: true });
  const scales = decomposition.diagonal.map((singular) => 1 / Math.sqrt(singular));
  const transform = ofDecoder.mmul(decomposition.leftSingularVectors).mulRowVector(scales);
  const dual = ofStates.mmul(decomposition.rightSingularVectors).mulRowVector(scales);
  return { mean, transform: Float64Array.from(transform.to1DArray()), dual: Float64Array.from(dual.to1DArray()) };
}

/** Lower triangular `L` with `L L^T` the matrix. */
function choleskyFactor(matrix: Matrix): Matrix {
  return new CholeskyDecomposition(matrix).lowerTriangularMatrix;
}

/** The mean of `(row - centre)^T (row - centre)`, with its diagonal raised a little. */
function secondMoments({ shape, data }: Tensor, centre: Float64Array): Matrix {
  const [rows, columns] = shape as [number, number];
  const step = Math.ceil(rows / MOST_ROWS);
  const samples = Math.ceil(rows / step);
  const sums = new Float64Array(columns * columns);
  const row = new Float64Array(columns);
  for (let sample = 0; sample < samples; sample++) {
    const start = sample * step * columns;
    for (let i = 0; i < columns; i++) row[i] = data[start + i]! - centre[i]!;
    for (let i = 0; i < columns; i++) {
      const value = row[i]! / samples;
      for (let j = 0; j <= i; j++) sums[i * columns + j]! += value * row[j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += sums[i * columns + i]!;
  for (let i = 0; i < columns; i++) {
    sums[i * columns + i]! += (RIDGE * trace) / columns;
    for (let j = 0; j < i; j++) sums[j * columns + i] = sums[i * columns + j]!;
  }
  return Matrix.from1DArray(columns, columns, sums);
}
