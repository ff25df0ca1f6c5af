import { dirname } from 'node:path';
import { messageOf } from '../../fault/fault.js';
import { BrokenFile } from '../export-faults.js';
import { joined, readBytes } from '../read-lines.js';
import { SpilledRows } from '../spilled-rows.js';
import type { TokenVector } from '../token-vector.js';
import { docRecord, header, postingsList } from './ciff-messages.js';

/**
 * The documents of a CIFF file, in order of their numbers, terms in the order of the file. Postings are turned round on disk, beside
 * the file.
 * @throws {BrokenFile} for a file that ends early, or whose numbers contradict each other.
 */
export async function* readCiff(
  file: string,
  workFolder = dirname(file),
  signal?: AbortSignal,
): AsyncGenerator<TokenVector> {
  await using rows = new SpilledRows(workFolder);
  const terms: string[] = [];
  const messages = delimitedMessages(file, signal);
  const { numPostingsLists, numDocs } = decode(file, header, await nextOf(messages, file, 'its header'));
  for (let number = 0; number < numPostingsLists; number++) {
    const list = decode(
      file,
      postingsList,
      await nextOf(messages, file, `postings list ${number + 1} of ${numPostingsLists}`),
    );
    terms.push(list.term);
    await rows.reserve(list.postings.length);
    let docid = 0;
    for (const posting of list.postings) {
      docid += posting.docid;
      if (!(docid >= 0 && docid < numDocs && posting.tf > 0)) {
        throw new BrokenFile(
          file,
          `document ${docid} with frequency ${posting.tf} under term ${JSON.stringify(list.term)}`,
        );
      }
      rows.add(docid, number, posting.tf);
    }
  }
  for (let number = 0; number < numDocs; number++) {
    const document = decode(file, docRecord, await nextOf(messages, file, `document ${number + 1} of ${numDocs}`));
    const { columns, values } = await rows.row(document.docid);
    yield {
      id: document.collectionDocid,
      tokens: Array.from(columns, (column) => terms[column]!),
      weights: Array.from(values),
    };
  }
}

function decode<T>(file: string, message: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return message.decode(bytes);
  } catch (cause) {
    throw new BrokenFile(file, `no CIFF message: ${messageOf(cause)}`, cause);
  }
}

async function nextOf(messages: AsyncGenerator<Uint8Array>, file: string, what: string): Promise<Uint8Array> {
  const { value, done } = await messages.next();
  if (done) throw new BrokenFile(file, `its end, before ${what}`);
  return value;
}

/** The messages of a file, each of which stands behind its length as a varint. */
async function* delimitedMessages(file: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = 1;
  for await (const chunk of readBytes(file, signal)) {
    pieces.push(chunk);
    length += chunk.length;
    if (length < needed) continue;
    const held = joined(pieces);
    let at = 0;
    let size = varint(held, at);
    for (; size && size.end + size.value <= held.length; size = varint(held, at)) {
      at = size.end + size.value;
      yield held.subarray(size.end, at);
    }
    if (!size && held.length - at >= LONGEST_VARINT)
      throw new BrokenFile(file, 'a length that is no number of 32 bits');
    pieces = [held.subarray(at)];
    length = held.length - at;
    needed = size ? size.end + size.value - at : length + 1;
  }
  if (length > 0) throw new BrokenFile(file, 'its end within a message');
}

/** In bytes, of a number of 32 bits. */
const LONGEST_VARINT = 5;

function varint(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; at + i < bytes.length && i < LONGEST_VARINT; i++) {
    const byte = bytes[at + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}
