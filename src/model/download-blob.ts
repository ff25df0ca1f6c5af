import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ModelFileBroken, ModelSourceFailed } from './model-faults.js';
import { PartOfBlob, sizeOf } from './part-of-blob.js';
import type { Progress } from './progress.js';

/** A file to fetch. `blob` is where it goes; its name is the hash it must have. */
export interface Blob {
  readonly url: string;
  readonly token?: string;
  readonly blob: string;
  readonly size: number;
  /** What to call it in messages. */
  readonly name: string;
}

interface DownloadOptions {
  /** Whether a file of the right size that is there is read, and replaced where its hash is another. */
  readonly isRead?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
}

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/**
 * Downloads a file unless it is there. It is written beside its place, continued after an interruption, checked against its
 * hash and only then moved into place; any number of processes may be at it.
 * @throws {ModelFileBroken} for contents of another hash; they are deleted. @throws {ModelSourceFailed}
 */
export async function downloadBlob(file: Blob, options: DownloadOptions): Promise<void> {
  if (await isThere(file, options)) return;
  await mkdir(dirname(file.blob), { recursive: true });
  const part = await PartOfBlob.takeUp(file.blob, file.size);
  try {
    await fill(part, file, options);
    await part.finish();
  } catch (thrown) {
    await part.leave();
    // Another process may have been faster, and have taken this part, which had not grown for long, for an abandoned one.
    if (await isThere(file, options)) return;
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    await downloadBlob(file, options);
  }
}

/** Fetches what a part lacks; all of it once more where what an earlier download has left is of something else. */
async function fill(part: PartOfBlob, file: Blob, options: DownloadOptions): Promise<void> {
  const isContinued = (await part.length()) > 0;
  await fetchRest(part, file, options);
  const promised = basename(file.blob);
  const actual = await hashOf(part.path, file);
  if (actual === promised) return;
  await part.discard();
  if (isContinued) return fill(part, file, options);
  const found = `${file.url} sent contents of hash ${actual} where ${promised} was promised`;
  throw new ModelFileBroken(file.name, found, 'The download was deleted; try again');
}

async function fetchRest(part: PartOfBlob, file: Blob, { signal, onProgress }: DownloadOptions): Promise<void> {
  const have = await part.length();
  if (have > 0 && have === file.size) return;
  const headers: Record<string, string> = have > 0 ? { Range: `bytes=${have}-` } : {};
  if (file.token) headers.Authorization = `Bearer ${file.token}`;
  const response = await fetch(file.url, { headers, signal });
  // Where the hub has less than it said, the hash of that little tells.
  if (response.status === RANGE_NOT_SATISFIABLE && have > 0) return;
  if (!response.ok || !response.body) {
    const remedy = 'Try again later; what has been downloaded is kept';
    throw new ModelSourceFailed(file.name, file.url, new Error(`HTTP ${response.status}`), remedy);
  }
  const goesOn = response.status === PARTIAL_CONTENT;
  let done = goesOn ? have : 0;
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  body.on('data', (chunk: Uint8Array) => {
    done += chunk.length;
    onProgress?.({ what: file.name, done, total: file.size });
  });
  await pipeline(body, createWriteStream(part.path, { flags: goesOn ? 'a' : 'w' }), { signal });
}

async function isThere(file: Blob, { isRead = false }: DownloadOptions): Promise<boolean> {
  if ((await sizeOf(file.blob)) !== file.size) return false;
  return !isRead || (await hashOf(file.blob, file)) === basename(file.blob);
}

/** SHA-256 of the contents, or git's SHA-1 of them as a blob: whichever the promised one is as long as. */
async function hashOf(path: string, { blob, size }: Blob): Promise<string> {
  const hash = basename(blob).length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
