import { createReadStream } from 'node:fs';
import { parseExactJson } from '../dialect/exact-number.js';
import { idText } from '../dialect/id-text.js';
import type { QueryText } from '../evaluate/verify-texts.js';
import { textLines } from '../export/text-lines.js';
import { InvalidOption } from './invalid-option.js';
import { standardInput } from './standard-input.js';

/**
 * Reads queries from a file, `-` for stdin: JSONL of objects with `text` or `query` and, if wanted, `_id` or `id`; any other line is a text
 * itself. The line's number stands in for an id.
 * @throws {InvalidOption} for a file that cannot be read, a line without a text, or no line with any.
 */
export async function readQueryTexts(file: string): Promise<QueryText[]> {
  const input = file === '-' ? standardInput() : createReadStream(file);
  const queries: QueryText[] = [];
  try {
    for await (const { text, number } of textLines(input)) {
      if (text.trim() !== '') queries.push(readLine(text, number, file));
    }
  } catch (cause) {
    if (cause instanceof InvalidOption) throw cause;
    throw new InvalidOption({ asked: `queries from ${file}`, found: String(cause), remedy: 'Check the path', cause });
  }
  if (queries.length > 0) return queries;
  const remedy = 'Write a query a line, as text or as {"_id":"…","text":"…"}';
  throw new InvalidOption({ asked: `queries from ${file}`, found: 'not a single one: it is empty', remedy });
}

function readLine(line: string, number: number, file: string): QueryText {
  if (!line.trimStart().startsWith('{')) return { id: String(number), text: line };
  const fields = parse(line) as Record<string, unknown> | undefined;
  const text = fields?.text ?? fields?.query;
  if (typeof text !== 'string') {
    throw new InvalidOption({
      asked: `a query on line ${number} of ${file}`,
      found: fields ? 'a JSON object without a "text"' : 'broken JSON',
      remedy: 'Write {"_id":"…","text":"…"}',
    });
  }
  return { id: idText(fields?._id ?? fields?.id) ?? String(number), text };
}

function parse(line: string): unknown {
  try {
    return parseExactJson(line);
  } catch {
    return undefined;
  }
}
