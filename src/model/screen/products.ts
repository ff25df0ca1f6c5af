import type { Tensor } from '../safetensors.js';

/** A row vector times a square matrix, row-major; written to `into`. */
export function timesMatrix(vector: ArrayLike<number>, matrix: ArrayLike<number>, into: Float64Array): Float64Array {
  const size = vector.length;
  into.fill(0);
  for (let row = 0; row < size; row++) {
    const value = vector[row]!;
    const start = row * size;
    for (let column = 0; column < size; column++) into[column]! += value * matrix[start + column]!;
  }
  return into;
}

/** A square matrix, row-major, times a column vector; written to `into`. */
export function matrixTimes(matrix: ArrayLike<number>, vector: ArrayLike<number>, into: Float64Array): Float64Array {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    const start = row * size;
    let sum = 0;
    for (let column = 0; column < size; column++) sum += matrix[start + column]! * vector[column]!;
    into[row] = sum;
  }
  return into;
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}

export function sum(vector: Float64Array): number {
  return vector.reduce((total, value) => total + value, 0);
}

export function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

/** The mean of a matrix's rows: [columns]. */
export function meanRow({ shape, data }: Tensor): Float64Array {
  const [rows, columns] = shape as [number, number];
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns]! += data[i]! / rows;
  return mean;
}
