import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { type CsvError, parse } from 'csv-parse';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import type { Input } from './open-input.js';
import { type Row, unreadable } from './rows.js';

/** Bytes beyond which it is no record: engines take 100 MB in a request. */
const LONGEST_RECORD = 100_000_000;
/** A record whose quotes are wrong may be several that nobody can tell apart: of so many lines it is still one to refuse. */
const MOST_WRONG_LINES = 10;
/** A character a byte: what is quoted can be split at delimiters before it is known to be UTF-8. */
const BYTES = 'latin1';
/** Fatal: an engine would store a replacement character where the bytes are wrong, and nobody would know. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A record as csv-parse gives it: `raw` is its text with its line's end. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly raw: string;
  /** `lines`: where it ends, counted from 1. */
  readonly info: { readonly lines: number };
}

/**
 * Comma- or tab-separated values with a line of names first, in UTF-8, or in UTF-16 with a byte order mark; empty lines are passed over. A record that does not
 * fit the names is unreadable, and so is one with a quote out of place; the rest goes on.
 * @throws {InputUnreadable} where there is no line of names to go by; where a quote that is out of place, or never closed, makes one record of more than 10
 *   lines, after what stands before it, or line ends that are not the first's do; where a record is longer than `longest` bytes, 100 MB unless given.
 */
export async function* csvRows(input: Input, delimiter: ',' | '\t', longest = LONGEST_RECORD): AsyncGenerator<Row> {
  const parser = parse({
    ...{ delimiter, encoding: BYTES, raw: true, info: true, max_record_size: longest },
    ...{ relax_column_count: true, skip_empty_lines: true, skip_records_with_error: true },
  });
  const bytes = Readable.from(inUtf8(input.bytes));
  bytes.on('error', (error) => parser.destroy(error));
  const wrong = new WrongRecords(input.name, longest);
  parser.on('skip', (error: CsvError, raw: string) => {
    wrong.add(error, raw);
    if (error.code !== 'CSV_MAX_RECORD_SIZE') return;
    bytes.unpipe(parser);
    setImmediate(() => parser.end());
  });
  bytes.pipe(parser);
  try {
    let names: readonly string[] | undefined;
    for await (const record of parser as AsyncIterable<CsvRecord>) {
      const line = lineOf(record.info.lines, record.raw);
      yield* wrong.before(line);
      if (names) yield wrong.rowOf(record, line, names);
      else names = wrong.namesIn(record);
    }
    yield* wrong.before(parser.info.lines + 1);
  } finally {
    bytes.destroy();
    parser.destroy();
  }
}

/** Records that cannot be read, until those before them have been given. */
class WrongRecords {
  #waiting: { readonly line: number; readonly reason: string; readonly raw: string; readonly isTooLong: boolean }[] =
    [];

  constructor(
    readonly file: string,
    readonly longest: number,
  ) {}

  /** A record may be told of at each of its quotes: the first says what is wrong. */
  add(error: CsvError, raw: string): void {
    const line = lineOf(Number((error as { lines?: number }).lines ?? 0), raw);
    if (this.#waiting.at(-1)?.line === line) return;
    this.#waiting.push({ line, reason: messageOf(error), raw, isTooLong: error.code === 'CSV_MAX_RECORD_SIZE' });
  }

  /** Those that begin before a line, where the next record does. @throws {InputUnreadable} for one of more than 10 lines, or too many bytes. */
  *before(next: number): Generator<Row> {
    while (this.#waiting.length > 0 && this.#waiting[0]!.line < next) {
      const { line, reason, raw, isTooLong } = this.#waiting.shift()!;
      const end = (this.#waiting[0]?.line ?? next) - 1;
      if (isTooLong) throw this.#tooLong(line);
      if (end - line >= MOST_WRONG_LINES) throw this.#notToTellApart(line, end, reason);
      yield unreadable(line, reason, textOf(raw));
    }
  }

  /** @throws {InputUnreadable} where lines that end otherwise than the first have made one record of many. */
  rowOf({ record, raw, info }: CsvRecord, line: number, names: readonly string[]): Row {
    const values = inText(record);
    if (!values) return unreadable(line, 'not UTF-8', textOf(raw));
    if (values.length === names.length)
      return { ok: true, line, fields: Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
    const reason = `${names.length} names, but ${values.length} fields`;
    if (info.lines - line >= MOST_WRONG_LINES) throw this.#notToTellApart(line, info.lines, reason);
    return unreadable(line, reason, textOf(raw));
  }

  namesIn({ record }: CsvRecord): readonly string[] {
    const names = inText(record);
    if (names) return names;
    throw new InputUnreadable(this.file, 'no line of names: not UTF-8', 'Mend it, or convert the file to JSON lines');
  }

  #notToTellApart(line: number, end: number, reason: string): InputUnreadable {
    return new InputUnreadable(
      this.file,
      `${reason}: what is one record and what another between lines ${line} and ${end} cannot be told`,
      `Mend the quotes from line ${line} on (a quote inside a field in quotes is written twice; lines all end as the first does), or convert the file to JSON lines; nothing from that line on was read`,
    );
  }

  #tooLong(line: number): InputUnreadable {
    return new InputUnreadable(
      this.file,
      `a record of more than ${this.longest} bytes, which begins on line ${line}`,
      'See whether a quote there is never closed, or convert the file to JSON lines',
    );
  }
}

/** Where a record begins that ends on line `last`: fields in quotes may have line breaks, and empty lines may stand before it. */
function lineOf(last: number, raw: string): number {
  const breaks = raw.replace(/^[\r\n]+|[\r\n]+$/g, '').match(/\r\n|\n|\r/g);
  return last - (breaks?.length ?? 0);
}

/** Fields of {@link BYTES} as texts; `undefined` where one is not UTF-8. */
function inText(fields: readonly string[]): readonly string[] | undefined {
  try {
    return fields.map((field) => UTF8.decode(Buffer.from(field, BYTES)));
  } catch {
    return undefined;
  }
}

/** What stands there, for people: a character that stands for others where bytes are none. */
function textOf(raw: string): string {
  return Buffer.from(raw.replace(/^[\r\n]+|[\r\n]+$/g, ''), BYTES).toString();
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
