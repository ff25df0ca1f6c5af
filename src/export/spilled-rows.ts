import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries held in memory before they are sorted and written out: 12 bytes each, twice while sorting. */
const ENTRIES_PER_RUN = 2_000_000;
const BYTES_PER_ENTRY = 8;

/** The entries of one row, in the order in which they were added. */
export interface Row {
  readonly columns: Uint32Array;
  readonly values: Uint32Array;
}

/** A part of the entries, on disk, row after row. */
interface Run {
  readonly file: FileHandle;
  /** `starts[row]` to `starts[row + 1]`: the row's entries. */
  readonly starts: Uint32Array;
}

/**
 * Turns entries that come column by column into rows, in flat memory: postings out of documents, and documents out of postings.
 * Runs of entries are sorted by row (stably, so each row keeps its order) and lie on disk until the rows are asked for.
 */
export class SpilledRows implements AsyncDisposable {
  #rows = new Uint32Array(0);
  #columns = new Uint32Array(0);
  #values = new Uint32Array(0);
  readonly #runs: Run[] = [];
  readonly #beside: string;
  #folder: string | undefined;
  #held = 0;
  #rowCount = 0;

  /** @param beside an existing folder, on the disk that is to hold the runs. */
  constructor(beside: string, entriesPerRun = ENTRIES_PER_RUN) {
    this.#beside = beside;
    this.#allocate(entriesPerRun);
  }

  /** Makes room for that many calls of `add`. */
  async reserve(entries: number): Promise<void> {
    if (this.#held + entries <= this.#rows.length) return;
    if (this.#held > 0) await this.#spill();
    if (entries > this.#rows.length) this.#allocate(entries);
  }

  /** Takes an entry; `reserve` has made room for it. */
  add(row: number, column: number, value: number): void {
    this.#rows[this.#held] = row;
    this.#columns[this.#held] = column;
    this.#values[this.#held] = value;
    this.#held++;
    if (row >= this.#rowCount) this.#rowCount = row + 1;
  }

  /** One row; after the last `add`. */
  async row(row: number): Promise<Row> {
    if (this.#held > 0) await this.#spill();
    const parts = await Promise.all(this.#runs.map((run) => readRow(run, row)));
    const length = parts.reduce((sum, part) => sum + part.length / 2, 0);
    const columns = new Uint32Array(length);
    const values = new Uint32Array(length);
    let at = 0;
    for (const part of parts) {
      columns.set(part.subarray(0, part.length / 2), at);
      values.set(part.subarray(part.length / 2), at);
      at += part.length / 2;
    }
    return { columns, values };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { file } of this.#runs) await file.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  #allocate(entries: number): void {
    this.#rows = new Uint32Array(entries);
    this.#columns = new Uint32Array(entries);
    this.#values = new Uint32Array(entries);
  }

  async #spill(): Promise<void> {
    this.#folder ??= await mkdtemp(join(this.#beside, 'rows.partial-'));
    const starts = rowStarts(this.#rows.subarray(0, this.#held), this.#rowCount);
    const sorted = new Uint32Array(this.#held * 2);
    const next = Uint32Array.from(starts);
    for (let i = 0; i < this.#held; i++) {
      const row = this.#rows[i]!;
      // A row lies as its columns, then its values: two plain arrays to read back.
      const start = starts[row]!;
      const length = starts[row + 1]! - start;
      const place = next[row]!++ - start;
      sorted[2 * start + place] = this.#columns[i]!;
      sorted[2 * start + length + place] = this.#values[i]!;
    }
    const file = await open(join(this.#folder, String(this.#runs.length)), 'w+');
    this.#runs.push({ file, starts });
    await file.write(new Uint8Array(sorted.buffer), 0, sorted.byteLength, 0);
    this.#held = 0;
  }
}

function rowStarts(rows: Uint32Array, rowCount: number): Uint32Array {
  const starts = new Uint32Array(rowCount + 1);
  for (const row of rows) starts[row + 1]!++;
  for (let row = 0; row < rowCount; row++) starts[row + 1]! += starts[row]!;
  return starts;
}

async function readRow({ file, starts }: Run, row: number): Promise<Uint32Array> {
  if (row + 1 >= starts.length) return new Uint32Array(0);
  const part = new Uint32Array((starts[row + 1]! - starts[row]!) * 2);
  if (part.length > 0) await file.read(part, 0, part.byteLength, starts[row]! * BYTES_PER_ENTRY);
  return part;
}
