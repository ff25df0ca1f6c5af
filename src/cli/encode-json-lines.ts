import type { JsonObject } from '../dialect/dialect.js';
import { parseExactJson } from '../dialect/exact-number.js';
import type { Encoded } from '../encoder/encoder.js';
import { type Line, splitLines } from '../export/read-lines.js';
import { Fault, messageOf } from '../fault/fault.js';
import { documentText, mentionsField } from '../mapping/document-text.js';
import { membersOf } from './json-members.js';

/** What becomes of a line that cannot be encoded. */
export type BrokenLines = 'stop' | 'answer';

/** A line of input that is no JSON object with text. */
export class BrokenLine extends Fault {
  readonly code = 'LINE_BROKEN';
  constructor(
    readonly line: number,
    found: string,
  ) {
    super({
      asked: `encode line ${line}`,
      found,
      remedy: 'Mend the line; or answer such lines in place with --broken answer, and name the text with --text FIELD',
    });
  }
}

export interface JsonLinesPlan {
  /** The fields whose texts are encoded, as `documentText` reads and joins them: a line is broken where it has none of them. */
  readonly fields: readonly string[];
  /** The field that the vector goes into. */
  readonly out: string;
  readonly broken: BrokenLines;
  /** Bytes of a line; a longer one is broken. Default {@link LONGEST_LINE}. */
  readonly longest?: number;
  readonly encode: (texts: AsyncIterable<string>) => AsyncIterable<Encoded>;
  /** The vector of a text as JSON. */
  readonly termsFor: (encoded: Encoded, text: string) => string;
}

/** A line as it was read: with its text, or what it is answered with as it stands. */
type Item = { readonly json: string; readonly record: JsonObject; readonly text: string } | { readonly answer: string };

/** As `index` takes; the string of a line of five times that could not be held. */
const LONGEST_LINE = 100_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * JSON lines in, the same lines out in the same order with the vector added; what else stands in a line is kept as it is written,
 * numbers of any length included. An empty line is answered by an empty line. A line that cannot be encoded is answered in its place
 * with `{"error"}`, or ends it all.
 * @throws {BrokenLine} unless such lines are answered.
 */
export async function* encodeJsonLines(input: AsyncIterable<Buffer>, plan: JsonLinesPlan): AsyncGenerator<string> {
  const items: Item[] = [];
  const lines = splitLines(input, plan.longest ?? LONGEST_LINE);
  for await (const encoded of plan.encode(textsOf(lines, plan, items))) {
    const item = items.shift()!;
    yield 'answer' in item
      ? item.answer
      : withField(item.json, item.record, plan.out, plan.termsFor(encoded, item.text));
  }
}

/**
 * A text for every line; the lines' items, in order, go to `items`. A line without a text gives the empty one, which costs about a
 * millisecond: texts and lines keep step, and no more lines are held than the encoder reads ahead.
 */
async function* textsOf(lines: AsyncIterable<Line>, plan: JsonLinesPlan, items: Item[]): AsyncGenerator<string> {
  for await (const line of lines) {
    const item = itemOf(line, plan);
    items.push(item);
    yield 'answer' in item ? '' : item.text;
  }
}

function itemOf(line: Line, { fields, broken, longest = LONGEST_LINE }: JsonLinesPlan): Item {
  try {
    if (line.bytes.length > longest) throw new BrokenLine(line.number, `more than ${longest} bytes`);
    return readLine(line, fields);
  } catch (thrown) {
    if (!(thrown instanceof BrokenLine) || broken === 'stop') throw thrown;
    const { line, code, found } = thrown;
    return { answer: JSON.stringify({ error: { line, code, found } }) };
  }
}

function readLine({ number, bytes }: Line, fields: readonly string[]): Item {
  const json = decode(number, bytes).trim();
  if (json === '') return { answer: '' };
  const record = parseObject(number, json);
  if (!fields.some((field) => mentionsField(record, field))) {
    throw new BrokenLine(number, `no field ${fields.join(' or ')}`);
  }
  const text = documentText(record, fields);
  if (typeof text === 'string') return { json, record, text };
  throw new BrokenLine(number, `field ${text.field} holds ${text.found}, no text`);
}

function decode(number: number, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BrokenLine(number, 'bytes that are not UTF-8');
  }
}

function parseObject(number: number, json: string): JsonObject {
  let value: unknown;
  try {
    value = parseExactJson(json);
  } catch (thrown) {
    throw new BrokenLine(number, `no JSON: ${messageOf(thrown).slice(0, 200)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BrokenLine(number, 'JSON, but no object');
}

/** The line with one more field, last; `value` is its JSON. Where it has the field already, that is left out. */
function withField(json: string, record: JsonObject, field: string, value: string): string {
  const named = `${JSON.stringify(field)}:${value}`;
  if (!Object.hasOwn(record, field))
    return `${json.slice(0, -1).trimEnd()}${Object.keys(record).length > 0 ? ',' : ''}${named}}`;
  const others = [...membersOf(json)].filter(({ key }) => key !== field).map(({ text }) => text);
  return `{${[...others, named].join(',')}}`;
}
