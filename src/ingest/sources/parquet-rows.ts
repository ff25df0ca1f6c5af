import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { JsonObject } from '../../dialect/dialect.js';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import { type Row, unreadable as unreadableRow } from './rows.js';

/** What is unpacked at once, in bytes. A column's dictionary, and the page in which a part begins, are unpacked again for each: smaller parts take longer. */
const BYTES_AT_ONCE = 16 << 20;

/** What a value takes at the least once it is unpacked: of a few values that stand over and over a file has next to nothing. */
const BYTES_OF_VALUE = 16;

/**
 * Opens a Parquet file: how many rows it has, and the rows. It is read by row groups, and those in parts: memory grows with the bytes of the largest group as
 * they are packed in the file, not with its rows (pyarrow puts a million into one). A group with lists or objects is unpacked whole: where a row of those
 * begins is not known before; and no part is smaller than the pages that it begins and ends in. Whole numbers of 64 bits come as numbers where they are safe and as their digits where not, times as ISO 8601, bytes that are
 * no text in base64. A row with a time that JavaScript has none for is one that cannot be read. For a thread of its own.
 * @param bytesAtOnce what is unpacked at once.
 * @throws {InputUnreadable}; the rows throw it where the file breaks off.
 */
export async function parquetRows(path: string, bytesAtOnce = BYTES_AT_ONCE) {
  const { file, metadata } = await opened(path);
  async function* rows(): AsyncGenerator<Row> {
    let read = 0;
    for (const group of metadata.row_groups) {
      const groupEnd = read + Number(group.num_rows);
      const bytes = readOnce(file);
      const atOnce = rowsAtOnce(metadata, group, bytesAtOnce);
      while (read < groupEnd) {
        for (const fields of await readRows(path, bytes, metadata, read, Math.min(read + atOnce, groupEnd))) {
          read++;
          yield rowOf(fields, read);
        }
      }
    }
  }
  return { total: Number(metadata.num_rows), rows: rows() };
}

async function opened(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * How many rows of a group to unpack at once: those of so many bytes, and of no fewer than a page of each column has, for a page is unpacked whole, by each
 * part that has rows of it: some writers make one page of a whole group. Pages of flat columns before the first row wanted are passed over as they are packed;
 * of a group that is decoded whole it is all.
 */
export function rowsAtOnce(
  { schema }: Pick<FileMetaData, 'schema'>,
  { columns, num_rows }: Pick<RowGroup, 'columns' | 'num_rows'>,
  bytesAtOnce: number,
): number {
  const rows = Number(num_rows);
  const known = columns.flatMap(({ meta_data }) => meta_data ?? []);
  const isFlat = known.length === columns.length && known.every(({ path_in_schema }) => path_in_schema.length === 1);
  if (!isFlat || schema.some((element) => element.repetition_type === 'REPEATED')) return rows;
  const sizes = known.map((column) => Math.max(Number(column.total_uncompressed_size), rows * BYTES_OF_VALUE));
  const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
  const wanted = Math.max(bytesAtOnce, sumOf(sizes.map((size, i) => size / pagesOf(known[i]!))));
  return Math.max(1, Math.ceil((rows * wanted) / Math.max(sumOf(sizes), 1)));
}

/** How many pages a column of a group has; without end where the file does not say. */
function pagesOf({ encoding_stats = [] }: ColumnMetaData): number {
  const pages = encoding_stats.filter(({ page_type }) => page_type !== 'DICTIONARY_PAGE');
  return pages.reduce((sum, { count }) => sum + count, 0) || Number.POSITIVE_INFINITY;
}

/** Each range of a file's bytes is read once. */
function readOnce(file: AsyncBuffer): AsyncBuffer {
  const ranges = new Map<string, ReturnType<AsyncBuffer['slice']>>();
  return {
    byteLength: file.byteLength,
    slice(start, end) {
      const range = `${start}-${end}`;
      const bytes = ranges.get(range) ?? file.slice(start, end);
      ranges.set(range, bytes);
      return bytes;
    },
  };
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

function rowOf(fields: object, line: number): Row {
  try {
    return { ok: true, line, fields: toJson(fields) as JsonObject };
  } catch (thrown) {
    // Of what a Parquet file can hold, `toISOString` alone refuses anything.
    if (!(thrown instanceof RangeError)) throw thrown;
    const text = JSON.stringify(fields, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    return unreadableRow(line, 'a time that is not between the years -271821 and 275760', text);
  }
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
