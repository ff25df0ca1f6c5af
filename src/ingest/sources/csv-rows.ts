import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { JsonObject } from '../../dialect/dialect.js';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import type { Input } from './open-input.js';
import { type Row, unreadable } from './rows.js';

/**
 * Comma- or tab-separated values with a line of names first. A record that does not fit the names, or whose
 * quote is never closed, is unreadable, the rest goes on.
 * @throws {InputUnreadable} where there is no line of names to go by.
 */
export async function* csvRows(input: Input, delimiter: ',' | '\t'): AsyncGenerator<Row> {
  const skipped: Row[] = [];
  const parser = parse({ delimiter, bom: true, columns: true, info: true, skip_records_with_error: true });
  parser.on('skip', (error: CsvError) => skipped.push(unreadable(lineIn(error), messageOf(error), recordIn(error))));
  const bytes = Readable.from(input.bytes);
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: JsonObject; info: { lines: number } }>) {
      yield* skipped.splice(0, skipped.filter(({ line }) => line <= info.lines).length);
      yield { ok: true, line: info.lines, fields: record };
    }
    yield* skipped;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('CSV_')) throw error;
    throw new InputUnreadable(input.name, messageOf(error), 'Mend it there, or convert the file to JSON lines');
  } finally {
    bytes.destroy();
  }
}

function lineIn(error: CsvError): number {
  return Number((error as { lines?: number }).lines ?? 0);
}

function recordIn(error: CsvError): string {
  return JSON.stringify((error as { record?: unknown }).record ?? '');
}
