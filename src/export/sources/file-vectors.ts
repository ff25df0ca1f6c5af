import type { Encoder } from '../../encoder/encoder.js';
import type { Role } from '../../encoder/role.js';
import { BrokenFile } from '../export-faults.js';
import { type ReadOptions, readVectors } from '../read-vectors.js';
import { type TokenVector, tokenVector } from '../token-vector.js';
import { type ExportRecord, parseExportRecord } from './export-record.js';

export interface FileVectorOptions extends ReadOptions {
  readonly as: Role;
  /** Records to leave out at the front, before anything is encoded. */
  readonly skip?: number;
  /** Called once, and only for a file of texts. */
  openEncoder(): Promise<Encoder>;
}

/**
 * The vectors of a JSONL file, in its order: as they stand there (`{"id","terms"}`), or encoded (`{"_id","title","text"}`).
 * @throws {BrokenLine} {@link BrokenFile}, also for a file that has both.
 */
export async function* fileVectors(file: string, options: FileVectorOptions): AsyncGenerator<TokenVector> {
  const records = readVectors(file, parseExportRecord, options);
  for (let skipped = 0; skipped < (options.skip ?? 0); skipped++) await records.next();
  const { value: first, done } = await records.next();
  if (done) return;
  const all = withFirst(first, records);
  if (first.kind === 'text') yield* encoded(all, file, options);
  else for await (const record of all) yield vectorOf(record, file);
}

async function* encoded(
  records: AsyncIterable<ExportRecord>,
  file: string,
  options: FileVectorOptions,
): AsyncGenerator<TokenVector> {
  const encoder = await options.openEncoder();
  const ids: string[] = [];
  async function* texts() {
    for await (const record of records) {
      if (record.kind !== 'text') throw mixed(file, record.vector.id);
      ids.push(record.id);
      yield record.text;
    }
  }
  for await (const { vector } of encoder.encodeStream(texts(), { as: options.as, signal: options.signal })) {
    yield tokenVector(ids.shift()!, vector);
  }
}

function vectorOf(record: ExportRecord, file: string): TokenVector {
  if (record.kind === 'vector') return record.vector;
  throw mixed(file, record.id);
}

function mixed(file: string, id: string): BrokenFile {
  return new BrokenFile(file, `vectors and texts in one file, at ${JSON.stringify(id)}`);
}

async function* withFirst<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
