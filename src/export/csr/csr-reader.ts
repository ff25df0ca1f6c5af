import { type FileHandle, open } from 'node:fs/promises';
import { BrokenFile } from '../export-faults.js';
import type { TokenVector } from '../token-vector.js';

const HEADER_BYTES = 24;

/**
 * The rows of an uncompressed BigANN sparse file as vectors, row by row.
 * @param ids the rows' ids, as they come; @param tokens the columns' tokens.
 * @throws {BrokenFile} for a file whose length, numbers or ids contradict its header.
 */
export async function* readCsr(
  file: string,
  ids: AsyncIterable<string>,
  tokens: readonly string[],
): AsyncGenerator<TokenVector> {
  const handle = await open(file);
  try {
    const [rows, columns, entries] = await readHeader(handle, file);
    if (columns !== tokens.length) throw new BrokenFile(file, `${columns} columns for ${tokens.length} tokens`);
    const indicesAt = HEADER_BYTES + 8 * (rows + 1);
    const dataAt = indicesAt + 4 * entries;
    let row = 0;
    for await (const id of ids) {
      if (row >= rows) throw new BrokenFile(file, `${rows} rows for more ids`);
      const [start, end] = await readNumbers(handle, HEADER_BYTES + 8 * row, 2);
      if (!(start! >= 0 && start! <= end! && end! <= entries)) {
        throw new BrokenFile(file, `row ${row} from entry ${start} to ${end} of ${entries}`);
      }
      const indices = new Int32Array(end! - start!);
      const data = new Float32Array(end! - start!);
      await handle.read(indices, 0, indices.byteLength, indicesAt + 4 * start!);
      await handle.read(data, 0, data.byteLength, dataAt + 4 * start!);
      const strange = indices.find((index) => !(index >= 0 && index < columns));
      if (strange !== undefined) throw new BrokenFile(file, `column ${strange} of ${columns} in row ${row}`);
      yield { id, tokens: Array.from(indices, (index) => tokens[index]!), weights: Array.from(data) };
      row++;
    }
    if (row < rows) throw new BrokenFile(file, `${rows} rows for ${row} ids`);
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, file: string): Promise<[number, number, number]> {
  const { size } = await handle.stat();
  const [rows = 0, columns = 0, entries = 0] = size < HEADER_BYTES ? [] : await readNumbers(handle, 0, 3);
  const expected = HEADER_BYTES + 8 * (rows + 1) + 8 * entries;
  if (size !== expected) throw new BrokenFile(file, `${size} bytes where its header says ${expected}`);
  return [rows, columns, entries];
}

async function readNumbers(handle: FileHandle, position: number, count: number): Promise<number[]> {
  const numbers = new BigInt64Array(count);
  await handle.read(numbers, 0, numbers.byteLength, position);
  return Array.from(numbers, Number);
}
