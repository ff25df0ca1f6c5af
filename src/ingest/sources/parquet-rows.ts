import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { JsonObject } from '../../dialect/dialect.js';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import type { Row } from './rows.js';

/** The rows of a Parquet file, and how much of it has been read. */
export interface ParquetRows {
  readonly rows: AsyncGenerator<Row>;
  /** Between 0 and 1. */
  progress(): number;
}

/**
 * Opens a Parquet file. It is read by row groups, so that memory grows with the largest of them and not with the file. Whole numbers of 64
 * bits come as numbers where they are safe and as their digits where not, times as ISO 8601, bytes that are no text in base64.
 * @throws {InputUnreadable}; the rows throw it where the file breaks off.
 */
export async function parquetRows(path: string): Promise<ParquetRows> {
  const { file, metadata } = await opened(path);
  const total = Number(metadata.num_rows);
  let read = 0;
  async function* rows(): AsyncGenerator<Row> {
    for (const group of metadata.row_groups) {
      const rowEnd = read + Number(group.num_rows);
      for (const fields of await readRows(path, file, metadata, read, rowEnd)) {
        read++;
        yield { ok: true, line: read, fields: toJson(fields) as JsonObject };
      }
    }
  }
  return { rows: rows(), progress: () => (total === 0 ? 1 : read / total) };
}

async function opened(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readRows(path: string, file: AsyncBuffer, metadata: FileMetaData, rowStart: number, rowEnd: number) {
  try {
    // Bytes without a logical type may be anything: as text they could be broken, unseen.
    return await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, utf8: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): InputUnreadable {
  return new InputUnreadable(path, messageOf(error), 'Check that it is a whole Parquet file', error);
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, toJson);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]));
}
