import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The SHA-256 of a file, hexadecimal, read as a stream. */
export async function sha256OfFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** The SHA-256 of a file; of several, that of their hexadecimal hashes joined. */
export async function sha256OfFiles(files: readonly string[], signal?: AbortSignal): Promise<string> {
  const hashes = [];
  for (const file of files) hashes.push(await sha256OfFile(file, signal));
  return hashes.length === 1 ? hashes[0]! : createHash('sha256').update(hashes.join('')).digest('hex');
}
