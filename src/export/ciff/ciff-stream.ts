import { messageOf } from '../../fault/fault.js';
import { BrokenFile } from '../export-faults.js';
import { joined, readBytes } from '../read-lines.js';
import { type CiffListPart, wholeFieldsOf } from './ciff-messages.js';

/** In bytes, of a number of 32 bits. */
const LONGEST_VARINT = 5;

/** The messages of a CIFF file, each of which stands behind its length as a varint. It holds no more than a message, of a postings list a chunk of the file. */
export class CiffStream implements AsyncDisposable {
  readonly #chunks: AsyncGenerator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(
    readonly file: string,
    signal?: AbortSignal,
  ) {
    this.#chunks = readBytes(file, signal);
  }

  /**
   * The next message.
   * @param what how a fault names it.
   * @throws {BrokenFile}
   */
  async message<T>(type: { decode(bytes: Uint8Array): T }, what: string): Promise<T> {
    const size = await this.#size(what);
    if (!(await this.#hold(size))) throw this.#cutOff();
    return this.#decode(() => type.decode(this.#take(size)));
  }

  /**
   * The next message as a postings list, which may have as many postings as there are documents: what has been read of it, part by part.
   * @throws {BrokenFile}
   */
  async *postingsList(what: string): AsyncGenerator<CiffListPart> {
    let left = await this.#size(what);
    while (left > 0) {
      const bytes = this.#held.subarray(0, left);
      const part = this.#decode(() => wholeFieldsOf(bytes, bytes.length === left));
      this.#take(part.length);
      left -= part.length;
      if (part.length > 0) yield part;
      // At least doubled, so that a field of many chunks is not joined at each.
      if (left > 0 && !(await this.#hold(Math.min(left, 2 * this.#held.length + 1)))) throw this.#cutOff();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return(undefined);
  }

  async #size(what: string): Promise<number> {
    while (true) {
      const size = varint(this.#held);
      if (size) {
        this.#take(size.end);
        return size.value;
      }
      const { length } = this.#held;
      if (length >= LONGEST_VARINT) throw new BrokenFile(this.file, 'a length that is no number of 32 bits');
      if (await this.#hold(length + 1)) continue;
      throw length > 0 ? this.#cutOff() : new BrokenFile(this.file, `its end, before ${what}`);
    }
  }

  /** Reads on until so many bytes are held. @returns false where the file ends before. */
  async #hold(length: number): Promise<boolean> {
    const pieces = this.#held.length > 0 ? [this.#held] : [];
    let has = this.#held.length;
    while (has < length) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      pieces.push(value);
      has += value.length;
    }
    this.#held = joined(pieces);
    return has >= length;
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  #decode<T>(decode: () => T): T {
    try {
      return decode();
    } catch (cause) {
      throw new BrokenFile(this.file, `no CIFF message: ${messageOf(cause)}`, cause);
    }
  }

  #cutOff(): BrokenFile {
    return new BrokenFile(this.file, 'its end within a message');
  }
}

function varint(bytes: Buffer): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < bytes.length && i < LONGEST_VARINT; i++) {
    const byte = bytes[i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: i + 1 };
  }
  return undefined;
}
