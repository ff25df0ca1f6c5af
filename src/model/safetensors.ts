import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../fault/fault.js';
import { halfToSingle } from './half-precision.js';
import { ModelFileBroken, ModelFileMissing } from './model-faults.js';

/** A float32 tensor in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, Tensor>;

const BYTES_PER_VALUE: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };
/** The format's own limit on the header (safetensors crate, `MAX_HEADER_SIZE`). */
const MAX_HEADER_BYTES = 100_000_000;
const READ_BYTES = 1 << 24;

const HeaderEntry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const Header = z.record(z.string(), HeaderEntry);
type Header = z.infer<typeof Header>;

/**
 * The tensors of a safetensors file, widened to float32: 8 bytes of header length, a JSON header, raw little-endian values
 * (https://github.com/huggingface/safetensors#format). Integer tensors (position ids of old checkpoints) are left out.
 * @throws {ModelFileMissing} {@link ModelFileBroken} for a header that cannot be, a length that does not fit, a value that is
 * not finite.
 */
export async function readSafetensors(file: string): Promise<Map<string, Tensor>> {
  await using handle = await openToRead(file);
  const { size } = await handle.stat();
  const { header, dataStart } = await readHeader(handle, file, size);
  const end = Object.values(header).reduce((most, { data_offsets }) => Math.max(most, data_offsets[1]), 0);
  if (dataStart + end !== size) {
    throw new ModelFileBroken(file, `${size} bytes where its header speaks of ${dataStart + end}`);
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    const width = BYTES_PER_VALUE[entry.dtype];
    if (width === undefined) continue;
    const [start, stop] = entry.data_offsets;
    const count = entry.shape.reduce((product, length) => product * length, 1);
    if (stop - start !== count * width) {
      throw new ModelFileBroken(file, `tensor ${name} of ${count} values takes ${stop - start} bytes`);
    }
    const data = widen(entry.dtype, await readBytes(handle, file, dataStart + start, stop - start));
    if (!isFinite32(data)) throw new ModelFileBroken(file, `tensor ${name} holds values that are not finite`);
    tensors.set(name, { shape: entry.shape, data });
  }
  return tensors;
}

async function openToRead(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') throw new ModelFileMissing(file, 'weights');
    throw new ModelFileBroken(file, messageOf(thrown), 'Make the file readable');
  }
}

async function readHeader(
  handle: FileHandle,
  file: string,
  size: number,
): Promise<{ header: Header; dataStart: number }> {
  if (size < 8) throw new ModelFileBroken(file, `${size} bytes, too few for a safetensors file`);
  const length = Number((await readBytes(handle, file, 0, 8)).readBigUInt64LE());
  if (length > MAX_HEADER_BYTES || 8 + length > size) {
    throw new ModelFileBroken(
      file,
      `a header length of ${length} bytes in a file of ${size}: not safetensors, or cut off`,
    );
  }
  try {
    const { __metadata__, ...entries } = JSON.parse((await readBytes(handle, file, 8, length)).toString('utf8'));
    return { header: Header.parse(entries), dataStart: 8 + length };
  } catch (thrown) {
    if (thrown instanceof ModelFileBroken) throw thrown;
    throw new ModelFileBroken(file, 'a header that is no safetensors header');
  }
}

/** Reads whole, in pieces (one read call is limited to 2 GiB), into memory of its own so that it is aligned for typed arrays. */
async function readBytes(handle: FileHandle, file: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(READ_BYTES, length - done), position + done);
    if (bytesRead === 0) throw new ModelFileBroken(file, 'it ends before its header says');
    done += bytesRead;
  }
  return bytes;
}

function widen(dtype: string, bytes: Buffer): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  const halves = new Uint16Array(bytes.buffer);
  const wide = new Float32Array(halves.length);
  const bits = new Uint32Array(wide.buffer);
  if (dtype === 'BF16') for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  else for (let i = 0; i < halves.length; i++) wide[i] = halfToSingle(halves[i]!);
  return wide;
}

/** Whether all are numbers, and none infinite. */
export function isFinite32(data: Float32Array): boolean {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & 0x7f800000) === 0x7f800000) return false;
  return true;
}
