import { decoded } from './request-body.js';

const NEWLINE = 0x0a;
const LINES_PER_SLICE = 256;
const BYTES_PER_SLICE = 1 << 20;

/**
 * A bulk body in slices of whole lines, so that one of any length passes through bounded memory. A slice never ends between an action and its
 * document: `isComplete` is told each line and says whether the next begins anew.
 */
export async function* bulkSlices(
  pieces: AsyncIterable<Buffer>,
  isComplete: (line: string) => boolean,
): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let bytes = 0;
  for await (const line of linesOf(pieces)) {
    lines.push(line);
    bytes += line.length;
    if (!isComplete(line) || (lines.length < LINES_PER_SLICE && bytes < BYTES_PER_SLICE)) continue;
    yield lines;
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) yield lines;
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      parts.push(piece.subarray(start, end));
      yield decoded(Buffer.concat(parts));
      parts = [];
      start = end + 1;
    }
    if (start < piece.length) parts.push(piece.subarray(start));
  }
  if (parts.length > 0) yield decoded(Buffer.concat(parts));
}
