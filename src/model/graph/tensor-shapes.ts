import type { Tensor } from '../safetensors.js';

/** [rows, columns] -> [columns, rows]: PyTorch keeps a linear layer as [out, in], MatMul wants [in, out]. */
export function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!;
  }
  return { shape: [columns, rows], data: turned };
}

/** Matrices of equal height side by side. */
export function besideEachOther(matrices: readonly Tensor[]): Tensor {
  const rows = matrices[0]!.shape[0]!;
  const columns = matrices.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const data = new Float32Array(rows * columns);
  let offset = 0;
  for (const matrix of matrices) {
    const width = matrix.shape[1]!;
    for (let row = 0; row < rows; row++) {
      data.set(matrix.data.subarray(row * width, (row + 1) * width), row * columns + offset);
    }
    offset += width;
  }
  return { shape: [rows, columns], data };
}

/** Vectors end to end. */
export function endToEnd(vectors: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const vector of vectors) {
    joined.set(vector, offset);
    offset += vector.length;
  }
  return joined;
}

/** Columns `start` to `stop` of a matrix. */
export function columnsOf({ shape, data }: Tensor, start: number, stop: number): Tensor {
  const [rows, columns] = shape as [number, number];
  const width = stop - start;
  const cut = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) cut.set(data.subarray(row * columns + start, row * columns + stop), row * width);
  return { shape: [rows, width], data: cut };
}
