import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Compression, compressor, suffixOf } from './compression.js';

/** A finished file. */
export interface FileEntry {
  /** Relative to the export's folder, `/` between names. */
  readonly path: string;
  readonly bytes: number;
  /** Of the file as it lies there, compressed or not: what `sha256sum` prints. */
  readonly sha256: string;
}

/** Strings are joined to blocks of this many characters before they go to the stream. */
const BLOCK = 1 << 16;

/**
 * A file that appears whole or not at all: it is written beside its place as `NAME.partial` and moved there by `finish`.
 * Writers wait where the disk is slower than they are.
 */
export class OutputFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #input: Writable = new PassThrough();
  readonly #hash = createHash('sha256');
  readonly #disk: WriteStream;
  readonly #flow: Promise<void>;
  #bytes = 0;
  #waiting = '';
  #failure: unknown;

  private constructor(folder: string, path: string, compression: Compression) {
    this.#folder = folder;
    this.#path = path + suffixOf(compression);
    this.#disk = createWriteStream(this.#partial);
    const stages = [this.#input, ...compressor(compression), this.#counter(), this.#disk];
    this.#flow = pipeline(stages);
    this.#flow.catch((failure) => {
      this.#failure = failure;
    });
  }

  static async create(folder: string, path: string, compression: Compression = 'none'): Promise<OutputFile> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    return new OutputFile(folder, path, compression);
  }

  /** @throws what the disk said, at the latest with `finish`. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (typeof chunk === 'string') {
      this.#waiting += chunk;
      if (this.#waiting.length >= BLOCK) await this.#flush();
      return;
    }
    await this.#flush();
    await this.#send(chunk);
  }

  async finish(): Promise<FileEntry> {
    await this.#flush();
    this.#input.end();
    await this.#flow;
    await rename(this.#partial, join(this.#folder, this.#path));
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    this.#input.destroy();
    await this.#flow.catch(() => undefined);
    // It may be opened only now, and would then make the file anew.
    if (!this.#disk.closed) await new Promise<void>((closed) => this.#disk.once('close', () => closed()));
    await rm(this.#partial, { force: true });
  }

  get #partial(): string {
    return `${join(this.#folder, this.#path)}.partial`;
  }

  #counter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        done(null, chunk);
      },
    });
  }

  async #flush(): Promise<void> {
    if (this.#waiting === '') return;
    const block = this.#waiting;
    this.#waiting = '';
    await this.#send(block);
  }

  async #send(chunk: string | Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#input.write(chunk)) return;
    if (!this.#input.destroyed) await drainOrClose(this.#input);
    // A failure of a later stage destroys the input, which then never drains; the flow says which.
    if (this.#input.destroyed) await this.#flow;
  }
}

/** Leaves nothing behind where it waited: a promise of the stream's own end would keep every wait until then. */
function drainOrClose(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
