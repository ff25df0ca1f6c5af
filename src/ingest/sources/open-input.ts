import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';

/** The bytes of a file, unpacked, and how many of the file's own have been read. */
export interface Input {
  readonly name: string;
  readonly bytes: AsyncIterable<Buffer>;
  /** Between 0 and 1, where the size is known. */
  progress(): number | undefined;
}

/**
 * Opens a file, or a stream for `-`. What is packed with gzip is known by its first bytes, not by its name.
 * @throws {InputUnreadable} where there is no such file; the bytes throw it where reading breaks off, and the signal's reason when it is aborted.
 */
export async function openInput(path: string, standardInput: Readable, signal?: AbortSignal): Promise<Input> {
  const name = path === '-' ? 'standard input' : path;
  const size = path === '-' ? undefined : await sizeOf(path);
  let read = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of opened(path, standardInput, signal)) {
      read += chunk.length;
      yield chunk;
    }
  }
  return {
    name,
    bytes: unpacked(counted(), name, signal),
    progress: () => (size === undefined ? undefined : size === 0 ? 1 : read / size),
  };
}

/** A read of a pipe may wait for ever: the signal ends it. */
function opened(path: string, standardInput: Readable, signal: AbortSignal | undefined): Readable {
  const stream = path === '-' ? standardInput : createReadStream(path);
  return signal ? addAbortSignal(signal, stream) : stream;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new InputUnreadable(path, 'a folder', 'Name one file, or pipe several into `-`');
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new InputUnreadable(path, 'no such file', 'Check the path; `-` reads standard input', error);
  }
}

async function* unpacked(
  bytes: AsyncGenerator<Buffer>,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    const first = await bytes.next();
    if (first.done) return;
    const whole = startingWith(first.value, bytes);
    if (!isGzip(first.value)) yield* whole;
    // The callback is only there because pipeline() asks for one: what breaks also breaks the reading of `gunzip`.
    else yield* pipeline(Readable.from(whole), createGunzip(), () => {});
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new InputUnreadable(name, 'a gzip file that breaks off', 'Fetch it again', error);
    if (code === undefined) throw error;
    throw new InputUnreadable(name, messageOf(error), 'Check the file and the rights to it', error);
  } finally {
    await bytes.return(undefined);
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
