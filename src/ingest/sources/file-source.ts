import type { Readable } from 'node:stream';
import type { Source } from '../source.js';
import { csvRows } from './csv-rows.js';
import { FirstDocuments } from './first-documents.js';
import { jsonLines } from './json-lines.js';
import { type Input, openInput } from './open-input.js';
import type { Row } from './rows.js';
import { rowsToDocuments } from './rows-to-documents.js';

export type FileFormat = 'jsonl' | 'csv' | 'tsv' | 'parquet';

export interface FileSourceOptions {
  /** Default: by the name, `.parquet`, `.csv` and `.tsv` (the latter also with `.gz`), JSON lines for the rest. */
  readonly format?: FileFormat;
  /** The field that holds the id. Default: `_id`, or `id`, whichever the first documents have. */
  readonly id?: string;
  /** Ids are made from the content. */
  readonly makeIds?: boolean;
  /** What `-` reads. */
  readonly standardInput?: Readable;
  /** Ends the reading, also of the first documents, for which a pipe may let wait. */
  readonly signal?: AbortSignal;
}

/** A file as a {@link Source}, with the names of its fields. */
export interface FileSource extends Source {
  /** The names of the fields of the first documents. */
  readonly fields: readonly string[];
  /** The text fields where none are named: `title` and `text`, those that the first documents have. @throws {InputUnreadable} {FieldsUnknown} */
  usualTextFields(): string[];
  /** Whether one of the first documents has any of the fields, be it null; or none of them can be read. */
  hasText(fields: readonly string[]): boolean;
  /** @throws {FieldsUnknown} where none of the first 2000 documents has any of the fields. */
  mustHaveText(fields: readonly string[]): Promise<void>;
}

/**
 * A file of documents: JSON lines, CSV or TSV, plain or packed with gzip, `-` for standard input; or Parquet.
 * @throws {InputUnreadable} {@link FieldsUnknown} where no field of the first documents holds an id.
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<FileSource> {
  const { rows, progress } = await openRows(path, options);
  const known = await FirstDocuments.of(path === '-' ? 'standard input' : path, rows);
  const id = options.makeIds ? undefined : (options.id ?? known.usualIdField());
  return {
    fields: known.fields,
    progress,
    usualTextFields: () => known.usualTextFields(),
    hasText: (fields) => known.hasText(fields),
    mustHaveText: (fields) => known.mustHaveText(fields),
    items: () => rowsToDocuments(known.rows(), { id }),
  };
}

function formatOf(path: string): FileFormat {
  const match = /\.(csv|tsv|parquet)(\.gz)?$/i.exec(path);
  return match ? (match[1]!.toLowerCase() as FileFormat) : 'jsonl';
}

async function openRows(path: string, { format = formatOf(path), standardInput, signal }: FileSourceOptions) {
  if (format === 'parquet') {
    const { parquetOnThread } = await import('./parquet-on-thread.js');
    return parquetOnThread(path, signal);
  }
  const input = await openInput(path, standardInput ?? process.stdin, signal);
  return { rows: rowsOf(input, format), progress: input.progress };
}

function rowsOf(input: Input, format: Exclude<FileFormat, 'parquet'>): AsyncGenerator<Row> {
  if (format === 'jsonl') return jsonLines(input);
  return csvRows(input, format === 'csv' ? ',' : '\t');
}
