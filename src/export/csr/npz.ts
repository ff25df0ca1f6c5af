import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { WriteTarget } from '../export-format.js';
import { type FileEntry, OutputFile } from '../output-file.js';

/** A sparse matrix whose arrays are read when they are needed. */
export interface MatrixParts {
  readonly shape: readonly [rows: number, columns: number];
  readonly entries: number;
  /** The raw little-endian array of that name: `starts` (int64), `indices` (int32), `data` (float32). */
  read(name: string): AsyncIterable<Buffer>;
}

/** DOS's first day, in every zone: an archive that knows no time has the same bytes every time. */
const NO_TIME = new Date(1980, 0, 1);

/** A sparse matrix as `scipy.sparse.save_npz` writes it, deflated where the target is compressed. */
export async function writeNpz(target: WriteTarget, path: string, matrix: MatrixParts): Promise<FileEntry> {
  const zip = new ZipFile();
  const options = { mtime: NO_TIME, compress: target.compression !== 'none' };
  const add = (name: string, header: Buffer, body: AsyncIterable<Buffer> | Iterable<Buffer>) =>
    zip.addReadStream(Readable.from(concatenated(header, body)), `${name}.npy`, options);
  const [rows, columns] = matrix.shape;
  add('indices', npyHeader('<i4', `(${matrix.entries},)`), matrix.read('indices'));
  add('indptr', npyHeader('<i8', `(${rows + 1},)`), matrix.read('starts'));
  add('format', npyHeader('|S3', '()'), [Buffer.from('csr')]);
  add('shape', npyHeader('<i8', '(2,)'), [Buffer.from(BigInt64Array.of(BigInt(rows), BigInt(columns)).buffer)]);
  add('data', npyHeader('<f4', `(${matrix.entries},)`), matrix.read('data'));
  zip.end();
  const output = await OutputFile.create(target.folder, path);
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) await output.write(chunk);
  return output.finish();
}

/** NumPy's format 1.0: magic, version, length, a Python dict padded so that the data begins at a multiple of 64. */
function npyHeader(descr: string, shape: string): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padding = 63 - ((10 + dict.length) % 64);
  const text = `${dict}${' '.repeat(padding)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 0xff, text.length >> 8]);
  return Buffer.concat([start, Buffer.from(text, 'latin1')]);
}

async function* concatenated(header: Buffer, body: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield header;
  yield* body;
}
