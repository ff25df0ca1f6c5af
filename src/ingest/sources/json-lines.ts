import { TextDecoder } from 'node:util';
import type { JsonObject } from '../../dialect/dialect.js';
import { parseExactJson } from '../../dialect/exact-number.js';
import { messageOf } from '../../fault/fault.js';
import { InputUnreadable } from '../ingest-faults.js';
import type { Input } from './open-input.js';
import { type Row, unreadable } from './rows.js';

const NEWLINE = 0x0a;
const OPENING_BRACKET = 0x5b;
/** Beyond this it is no line: engines take 100 MB in a request. */
const LONGEST_LINE = 100_000_000;

/**
 * One JSON object a line; empty lines are passed over.
 * @throws {InputUnreadable} for a JSON array instead of lines.
 */
export async function* jsonLines(input: Input): AsyncGenerator<Row> {
  // Fatal: an engine would store a replacement character where the bytes are wrong, and nobody would know.
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  for await (const bytes of linesOf(input)) {
    line++;
    if (line === 1) mustNotBeArray(bytes, input.name);
    const row = rowOf(bytes, line, utf8);
    if (row) yield row;
  }
}

function rowOf(bytes: Buffer, line: number, utf8: TextDecoder): Row | undefined {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return unreadable(line, 'not UTF-8', bytes.toString('latin1'));
  }
  if (text.trim() === '') return undefined;
  try {
    const value = parseExactJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ok: true, line, fields: value as JsonObject };
    }
    return unreadable(line, `JSON, but no object: ${Array.isArray(value) ? 'an array' : typeof value}`, text);
  } catch (error) {
    return unreadable(line, messageOf(error), text);
  }
}

async function* linesOf({ bytes, name }: Input): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let pending = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      yield pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      pieces = [];
      pending = 0;
      start = end + 1;
    }
    pieces.push(chunk.subarray(start));
    pending += chunk.length - start;
    if (pending > LONGEST_LINE) {
      throw new InputUnreadable(name, `a line of more than ${LONGEST_LINE} bytes`, 'Write one document a line');
    }
  }
  if (pending > 0) yield Buffer.concat(pieces);
}

function mustNotBeArray(firstLine: Buffer, name: string): void {
  const start = firstLine.findIndex((byte) => byte > 0x20);
  if (firstLine[start] !== OPENING_BRACKET) return;
  throw new InputUnreadable(name, 'a JSON array', "Make it one object a line: jq -c '.[]' FILE");
}
