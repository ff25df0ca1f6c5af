import { createReadStream } from 'node:fs';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { messageOf } from '../fault/fault.js';
import { decompressorOf } from './compression.js';
import { BrokenFile } from './export-faults.js';

/** A line of a file: its number, from 1, and its bytes, newline left off. */
export interface Line {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const NEWLINE = 10;

/**
 * The lines of a file, decompressed where its first bytes say gzip or zstd.
 * @throws {BrokenFile} where it cannot be read to its end: missing, or compressed and cut off.
 */
export async function* readLines(file: string, signal?: AbortSignal): AsyncGenerator<Line> {
  yield* splitLines(readBytes(file, signal));
}

/**
 * Cuts bytes into lines at line feeds alone: U+2028, which `readline` cuts at as well, may stand inside a JSON text.
 * @param most bytes that are kept of a line, and one more piece, so that a line which never ends does not fill the memory: a longer one comes as its beginning.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line> {
  let number = 0;
  let begun: Buffer[] = [];
  let held = 0;
  const keep = (piece: Buffer) => {
    if (held <= most) begun.push(piece);
    held += piece.length;
  };
  const take = (): Line => {
    const line = { number: ++number, bytes: joined(begun) };
    begun = [];
    held = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (begun.length > 0) yield take();
}

/** Pieces as one. What comes in pieces is joined once, at its end: joined at every piece, a long one would take the square of its length. */
export function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** The bytes of a file, decompressed. @throws {BrokenFile} */
export async function* readBytes(file: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  try {
    const decompressor = await decompressorOf(file);
    const raw = createReadStream(file, { highWaterMark: 1 << 18, signal });
    for await (const chunk of through(raw, decompressor)) yield chunk as Buffer;
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new BrokenFile(file, messageOf(thrown), thrown);
  }
}

/** Unlike `pipe`, a pipeline hands an error of an early stage on to the last one, where the loop is that hears of it. */
function through(raw: Readable, [decompressor]: readonly Duplex[]): Readable {
  return decompressor ? pipeline(raw, decompressor, () => undefined) : raw;
}
