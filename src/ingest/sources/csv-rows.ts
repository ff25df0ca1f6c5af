import { TextDecoder } from 'node:util';
import { InputUnreadable } from '../ingest-faults.js';
import { type CsvRecord, csvRecords } from './csv-records.js';
import type { Input } from './open-input.js';
import { type Row, unreadable } from './rows.js';

/** Fatal: an engine would store a replacement character where the bytes are wrong, and nobody would know. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Comma- or tab-separated values with a line of names first, in UTF-8, or in UTF-16 with a byte order mark. A record that does not fit the names is
 * unreadable, and so is one with a quote out of place; the rest goes on.
 * @throws {InputUnreadable} where the line of names cannot be read, and where records cannot be told apart.
 */
export async function* csvRows(input: Input, delimiter: ',' | '\t'): AsyncGenerator<Row> {
  let names: readonly string[] | undefined;
  for await (const record of csvRecords({ ...input, bytes: inUtf8(input.bytes) }, delimiter)) {
    if (names) yield rowOf(record, names);
    else names = namesIn(record, input.name);
  }
}

function rowOf(record: CsvRecord, names: readonly string[]): Row {
  const { line, bytes } = record;
  const values = valuesIn(record);
  if (typeof values === 'string') return unreadable(line, placed(values, record), bytes.toString());
  if (values.length !== names.length) {
    const reason = `${names.length} names, but ${values.length} fields`;
    return unreadable(line, placed(reason, record), bytes.toString());
  }
  return { ok: true, line, fields: Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
}

function placed(reason: string, { line, lastLine }: CsvRecord): string {
  return lastLine === line ? reason : `${reason} (lines ${line} to ${lastLine})`;
}

function namesIn(record: CsvRecord, file: string): readonly string[] {
  const names = valuesIn(record);
  if (typeof names !== 'string') return names;
  throw new InputUnreadable(file, `no line of names: ${names}`, 'Mend it there, or convert the file to JSON lines');
}

/** The fields' texts, or what is wrong with them. */
function valuesIn({ wrong, bytes, fields }: CsvRecord): readonly string[] | string {
  if (wrong !== undefined) return wrong;
  try {
    return fields.map(({ start, end, isQuoted }) => {
      const text = UTF8.decode(bytes.subarray(start, end));
      return isQuoted ? text.replaceAll('""', '"') : text;
    });
  } catch {
    return 'not UTF-8';
  }
}

/** Without a byte order mark; spreadsheets write UTF-16, too, and never without one. */
async function* inUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (!head) {
      yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    if (head[0] === 0xff && head[1] === 0xfe) decoder = new TextDecoder('utf-16le');
    const isMarked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    yield decoder ? Buffer.from(decoder.decode(head, { stream: true })) : head.subarray(isMarked ? 3 : 0);
    head = undefined;
  }
  if (head) yield head;
}
