import { InputUnreadable } from '../ingest-faults.js';
import { breaksLine, LineEnds, withWholeBreaks } from './line-ends.js';
import type { Input } from './open-input.js';

const QUOTE = 0x22;
/** Beyond this it is no record: engines take 100 MB in a request. */
const LONGEST_RECORD = 100_000_000;
/** A record whose quotes or line ends are wrong may be several that nobody can tell apart: of so many lines it is still one to refuse, and its text is kept. */
const MOST_WRONG_LINES = 10;

/** A record of separated values: its fields without their quotes, or what is wrong with those. */
export interface CsvRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Where it ends: fields may have line breaks. */
  readonly lastLine: number;
  readonly bytes: Buffer;
  readonly fields: readonly Field[];
  readonly wrong?: string;
}

/** A part of the record's bytes, in which a quote is written twice where it stood in quotes. */
export interface Field {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

/**
 * The records of a file of separated values (RFC 4180), empty lines left out. Outside of quotes a record ends as the first line does
 * ({@link LineEnds}). After a quote that is out of place a field in quotes goes on to the next quote before a delimiter or a line's end.
 * @throws {InputUnreadable} where a quote that is out of place, or never closed, or line ends of another kind make one record of more than 10
 * lines, or a record is longer than 100 MB.
 */
export async function* csvRecords({ bytes, name }: Input, delimiter: ',' | '\t'): AsyncGenerator<CsvRecord> {
  const ends = new LineEnds();
  let open = new OpenRecord(1, delimiter);
  let pieces: Buffer[] = [];
  let columns: number | undefined;
  const closed = () => {
    const record = open.close(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), name);
    columns ??= record.fields.length;
    mustBeOne(open, columns, name);
    return record;
  };
  for await (const chunk of withWholeBreaks(bytes)) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      const next = chunk[at + 1];
      const length = open.isQuoted ? 0 : ends.lengthAt(byte, next);
      if (length === 0) open.take(byte, next);
      else {
        pieces.push(chunk.subarray(start, at));
        if (open.length > 0) yield closed();
        open = new OpenRecord(open.lastLine + 1, delimiter);
        pieces = [];
        start = at + length;
        at = start - 1;
      }
    }
    pieces.push(chunk.subarray(start));
    mustBeOne(open, columns, name);
    if (open.length > LONGEST_RECORD) throw tooLong(open, name);
  }
  if (open.length > 0) yield closed();
}

/** Where in a field the next byte stands: `closing` is behind a quote that ends it or is the first of two. */
type Place = 'start' | 'plain' | 'quoted' | 'closing';

/** A record that is being read, byte by byte. */
class OpenRecord {
  length = 0;
  lastLine: number;
  /** Line breaks outside of quotes that are not how the file's lines end. */
  otherBreaks = 0;
  #place: Place = 'start';
  #start = 0;
  #wrong: string | undefined;
  readonly #fields: Field[] = [];
  readonly #delimiter: number;

  constructor(
    readonly line: number,
    delimiter: string,
  ) {
    this.lastLine = line;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Whether the next byte stands in quotes, where no line end ends the record. */
  get isQuoted(): boolean {
    return this.#place === 'quoted';
  }

  get columns(): number {
    return this.#fields.length;
  }

  /** Takes the next byte into the record. @param next the byte after it. */
  take(byte: number, next: number | undefined): void {
    const isBreak = breaksLine(byte, next);
    if (isBreak) this.lastLine++;
    if (this.#place === 'quoted') {
      if (byte === QUOTE) this.#place = 'closing';
    } else if (byte === this.#delimiter) this.#endField();
    else if (byte === QUOTE) this.#takeQuote();
    else if (this.#place === 'closing') {
      this.#wrong ??= `text after the quote that closes a field, on line ${this.lastLine}`;
      this.#place = 'quoted';
    } else {
      this.#place = 'plain';
      if (isBreak) this.otherBreaks++;
    }
    this.length++;
  }

  /** @param bytes all that were taken. */
  close(bytes: Buffer, name: string): CsvRecord {
    if (this.#place === 'quoted')
      this.#wrong ??= `a quote that is never closed, in the record that begins on line ${this.line}`;
    this.#endField();
    const { line, lastLine } = this;
    const wrong = this.#wrong;
    if (wrong !== undefined && lastLine - line >= MOST_WRONG_LINES) throw notToTellApart(this, wrong, name);
    return { line, lastLine, bytes, fields: this.#fields, wrong };
  }

  #takeQuote(): void {
    if (this.#place === 'plain') this.#wrong ??= `a quote inside a field without quotes, on line ${this.lastLine}`;
    else this.#place = 'quoted';
  }

  #endField(): void {
    const isQuoted = this.#place === 'closing';
    const [start, end] = [this.#start, this.length];
    this.#fields.push(isQuoted ? { start: start + 1, end: end - 1, isQuoted } : { start, end, isQuoted });
    this.#start = this.length + 1;
    this.#place = 'start';
  }
}

/** @throws {InputUnreadable} for lines that end otherwise than the first, which make one record, of too many fields, of all of them. */
function mustBeOne({ line, lastLine, otherBreaks, columns }: OpenRecord, most: number | undefined, name: string): void {
  if (most === undefined || columns <= most || otherBreaks < MOST_WRONG_LINES) return;
  throw new InputUnreadable(
    name,
    `lines ${line} to ${lastLine} end otherwise than the first line: what is one record and what another cannot be told`,
    `Give all lines the same end, or convert the file to JSON lines; nothing from line ${line} on was read`,
  );
}

function notToTellApart({ line, lastLine }: OpenRecord, wrong: string, name: string): InputUnreadable {
  return new InputUnreadable(
    name,
    `${wrong}: what is one record and what another between lines ${line} and ${lastLine} cannot be told`,
    `Mend the quotes from line ${line} on (a quote inside a field in quotes is written twice), or convert the file to JSON lines; nothing from that line on was read`,
  );
}

function tooLong({ line }: OpenRecord, name: string): InputUnreadable {
  return new InputUnreadable(
    name,
    `a record of more than ${LONGEST_RECORD} bytes, which begins on line ${line}`,
    'See whether a quote there is never closed, or lines end otherwise than the first, or convert the file to JSON lines',
  );
}
