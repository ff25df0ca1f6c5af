import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Side, VectorWriter, WriteTarget } from '../export-format.js';
import { type FileEntry, OutputFile } from '../output-file.js';
import type { TokenVector } from '../token-vector.js';
import { writeNpz } from './npz.js';

/** The numbers of columns by token, grown as tokens come; shared by documents and queries. */
export type Columns = Map<string, number>;

/**
 * Writes a side as a sparse matrix of rows: `SIDE.npz` as scipy saves it, `SIDE.csr` as the BigANN sparse track has it, and the
 * rows' ids, a JSON string a line. Columns within a row rise. The arrays lie on disk until the shape is known.
 */
export class CsrWriter implements VectorWriter {
  readonly #side: Side;
  readonly #target: WriteTarget;
  readonly #columns: Columns;
  #arrays: Arrays | undefined;
  #rows = 0;
  #entries = 0;

  constructor(side: Side, target: WriteTarget, columns: Columns) {
    this.#side = side;
    this.#target = target;
    this.#columns = columns;
  }

  async write({ id, tokens, weights }: TokenVector): Promise<void> {
    const arrays = await this.#open();
    const numbers = tokens.map((token) => this.#numberOf(token));
    const order = [...numbers.keys()].sort((a, b) => numbers[a]! - numbers[b]!);
    await arrays.indices.write(bytesOf(Int32Array.from(order, (i) => numbers[i]!)));
    await arrays.data.write(bytesOf(Float32Array.from(order, (i) => weights[i]!)));
    this.#entries += tokens.length;
    this.#rows++;
    await arrays.starts.write(bytesOf(BigInt64Array.of(BigInt(this.#entries))));
    await arrays.ids.write(`${JSON.stringify(id)}\n`);
  }

  async finish(): Promise<FileEntry[]> {
    const { folder, starts, indices, data, ids } = await this.#open();
    for (const array of [starts, indices, data]) await array.finish();
    const shape = [this.#rows, this.#columns.size] as const;
    const read = (name: string) => createReadStream(join(folder, name));
    const npz = await writeNpz(this.#target, `${this.#side}.npz`, { shape, entries: this.#entries, read });
    const csr = await this.#writeBigAnn(shape, read);
    const entries = [npz, csr, await ids.finish()];
    await rm(folder, { recursive: true });
    return entries;
  }

  async discard(): Promise<void> {
    if (!this.#arrays) return;
    const { folder, starts, indices, data, ids } = this.#arrays;
    for (const output of [starts, indices, data, ids]) await output.discard();
    await rm(folder, { recursive: true, force: true });
  }

  async #open(): Promise<Arrays> {
    this.#arrays ??= await openArrays(this.#side, this.#target);
    return this.#arrays;
  }

  /** `int64 rows, columns, entries`, then the row starts (int64), the column numbers (int32), the values (float32), little-endian; never compressed, for its readers map it. */
  async #writeBigAnn(
    shape: readonly [number, number],
    read: (name: string) => AsyncIterable<Buffer>,
  ): Promise<FileEntry> {
    const output = await OutputFile.create(this.#target.folder, `${this.#side}.csr`);
    await output.write(bytesOf(BigInt64Array.from([...shape, this.#entries], BigInt)));
    for (const name of ['starts', 'indices', 'data']) for await (const chunk of read(name)) await output.write(chunk);
    return output.finish();
  }

  #numberOf(token: string): number {
    const known = this.#columns.get(token);
    if (known !== undefined) return known;
    this.#columns.set(token, this.#columns.size);
    return this.#columns.size - 1;
  }
}

interface Arrays {
  readonly folder: string;
  readonly starts: OutputFile;
  readonly indices: OutputFile;
  readonly data: OutputFile;
  readonly ids: OutputFile;
}

async function openArrays(side: Side, { folder: out, compression }: WriteTarget): Promise<Arrays> {
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(join(out, `${side}.partial-`));
  const [starts, indices, data] = await Promise.all(
    ['starts', 'indices', 'data'].map((name) => OutputFile.create(folder, name)),
  );
  await starts!.write(bytesOf(BigInt64Array.of(0n)));
  const ids = await OutputFile.create(out, `${side}.ids.jsonl`, compression);
  return { folder, starts: starts!, indices: indices!, data: data!, ids };
}

/** The array's bytes, little-endian as on every machine that Node.js runs on. */
function bytesOf(array: Int32Array | Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
