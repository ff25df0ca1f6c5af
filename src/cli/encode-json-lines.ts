import { z } from 'zod';
import type { Encoded } from '../encoder/encoder.js';
import { Fault } from '../fault/fault.js';

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
  /** The fields whose texts are encoded, joined by a space. */
  readonly fields: readonly string[];
  /** The field that the vector goes into. */
  readonly out: string;
  readonly broken: BrokenLines;
  readonly encode: (texts: AsyncIterable<string>) => AsyncIterable<Encoded>;
  /** The vector as JSON. */
  readonly termsFor: (encoded: Encoded) => string;
}

type Item = { readonly record: Record<string, unknown>; readonly text: string } | BrokenLine;

const JsonObject = z.record(z.string(), z.unknown());

/**
 * JSON lines in, the same lines out in the same order with the vector added; other fields are kept. A line that cannot be
 * encoded is answered in its place with `{"error"}`, or ends it all.
 * @throws {BrokenLine} unless such lines are answered.
 */
export async function* encodeJsonLines(lines: AsyncIterable<string>, plan: JsonLinesPlan): AsyncGenerator<string> {
  const items: Item[] = [];
  function* brokenAhead(): Generator<string> {
    while (items[0] instanceof BrokenLine) yield answerTo(items.shift() as BrokenLine);
  }
  for await (const encoded of plan.encode(textsOf(lines, plan, items))) {
    yield* brokenAhead();
    const { record } = items.shift() as Exclude<Item, BrokenLine>;
    yield withField(record, plan.out, plan.termsFor(encoded));
    yield* brokenAhead();
  }
  yield* brokenAhead();
}

/** The texts of the lines that have one; every line's item, in order, goes to `items`. */
async function* textsOf(lines: AsyncIterable<string>, plan: JsonLinesPlan, items: Item[]): AsyncGenerator<string> {
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const item = readLine(line, number, plan.fields);
    if (item instanceof BrokenLine && plan.broken === 'stop') throw item;
    items.push(item);
    if (!(item instanceof BrokenLine)) yield item.text;
  }
}

function readLine(line: string, number: number, fields: readonly string[]): Item {
  const record = parseObject(line);
  if (!record) return new BrokenLine(number, 'no JSON object');
  const texts = fields.map((field) => record[field]);
  const missing = fields.find((_, i) => typeof texts[i] !== 'string');
  if (missing === undefined) return { record, text: texts.join(' ') };
  return new BrokenLine(number, missing in record ? `field ${missing} is no text` : `no field ${missing}`);
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    return JsonObject.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The record as JSON with one more field, last; `json` is its value. */
function withField(record: Record<string, unknown>, field: string, json: string): string {
  const { [field]: _replaced, ...others } = record;
  const fields = JSON.stringify(others).slice(1, -1);
  return `{${fields}${fields && ','}${JSON.stringify(field)}:${json}}`;
}

function answerTo({ line, code, found }: BrokenLine): string {
  return JSON.stringify({ error: { line, code, found } });
}
