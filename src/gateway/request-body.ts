import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { RequestNotHandedOn } from './gateway-faults.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a body is JSON or lines of JSON in an encoding that is understood; CBOR and SMILE are not. */
export function isReadable({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^application\/([\w.+-]*[+.])?(x-nd)?json\b/i.test(type) && /^(identity|gzip|deflate)$/i.test(encoding);
}

/** The bytes of a body, decompressed. */
export function bytesOf(message: IncomingMessage): Readable {
  const decompressor = decompressorOf(message);
  return decompressor ? pipeline(message, decompressor, () => undefined) : message;
}

/** What takes a body's compression off; `undefined` where it has none. */
export function decompressorOf({ headers }: IncomingMessage): Transform | undefined {
  const encoding = headers['content-encoding']?.toLowerCase();
  return encoding === 'gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : undefined;
}

/** A whole body as text. @throws {RequestNotHandedOn} for one that is larger than `limit` bytes, or no UTF-8; as {@link readable} besides. */
export async function textOf(request: IncomingMessage, limit: number, stalledMs: number): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of readable(bytesOf(request), stalledMs)) {
    length += piece.length;
    if (length > limit) throw new RequestNotHandedOn(413, `a body of more than ${limit} bytes`, 'Send less at once');
    pieces.push(piece);
  }
  return decoded(Buffer.concat(pieces));
}

/** @throws {RequestNotHandedOn} */
export function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RequestNotHandedOn(400, 'a body that is not UTF-8', 'Send UTF-8');
  }
}

/**
 * A stream's pieces; what breaks in it is the sender's doing.
 * @throws {RequestNotHandedOn} 400 for a body that breaks off, 408 for one of which nothing came for `stalledMs` while it was waited for.
 */
export async function* readable(stream: Readable, stalledMs: number): AsyncGenerator<Buffer> {
  // Destroying a request would take the connection with it, and the answer that says what is wrong.
  const pieces: AsyncIterator<Buffer> = stream.iterator({ destroyOnReturn: false });
  for (;;) {
    const { done, value } = await pieceWithin(pieces.next(), stalledMs);
    if (done) return;
    yield value;
  }
}

async function pieceWithin<T>(next: Promise<T>, stalledMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const found = `a body of which nothing came for ${stalledMs} ms`;
    timer = setTimeout(() => reject(new RequestNotHandedOn(408, found, 'Send it again')), stalledMs);
  });
  const broken = (cause: unknown) => {
    const found = `a body that breaks off or is not compressed as it says: ${cause}`;
    throw new RequestNotHandedOn(400, found, 'Send it whole');
  };
  try {
    return await Promise.race([next.catch(broken), stalled]);
  } finally {
    clearTimeout(timer);
  }
}
