import { type BulkItem, BulkReader } from '../clients/bulk-reader.js';
import { RequestNotHandedOn } from './gateway-faults.js';
import { decoded } from './request-body.js';

const NEWLINE = 0x0a;
const TOO_LARGE = 413;
const REMEDY = 'Send smaller documents, or start the gateway with a larger limit';
const ITEMS_PER_SLICE = 128;
const BYTES_PER_SLICE = 1 << 20;

/**
 * A bulk body in slices of whole items, so that one of any length passes through bounded memory.
 * @throws {RequestNotHandedOn} 413 for a line of more than `mostLineBytes`, before it is held whole.
 */
export async function* bulkSlices(
  pieces: AsyncIterable<Buffer>,
  mostLineBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<BulkItem<string>[]> {
  const reader = new BulkReader<string>();
  let items: BulkItem<string>[] = [];
  let bytes = 0;
  for await (const line of linesOf(pieces, mostLineBytes)) {
    bytes += line.length;
    const item = reader.read(line);
    if (!item) continue;
    items.push(item);
    if (items.length < ITEMS_PER_SLICE && bytes < BYTES_PER_SLICE) continue;
    yield items;
    items = [];
    bytes = 0;
  }
  const rest = reader.rest();
  if (rest) items.push(rest);
  if (items.length > 0) yield items;
}

async function* linesOf(pieces: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let pending = 0;
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      parts.push(piece.subarray(start, end));
      yield decoded(Buffer.concat(parts));
      parts = [];
      pending = 0;
      start = end + 1;
    }
    if (start < piece.length) parts.push(piece.subarray(start));
    pending += piece.length - start;
    if (pending > mostBytes) throw new RequestNotHandedOn(TOO_LARGE, `a line of more than ${mostBytes} bytes`, REMEDY);
  }
  if (parts.length > 0) yield decoded(Buffer.concat(parts));
}
