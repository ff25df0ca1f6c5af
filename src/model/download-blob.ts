import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ModelFileBroken, ModelSourceFailed } from './model-faults.js';
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

const PARTIAL_CONTENT = 206;

/**
 * Downloads a file unless it is there. It is written beside its place, continued after an interruption, checked against its
 * hash and only then moved into place.
 * @throws {ModelFileBroken} for contents of another hash; they are deleted. @throws {ModelSourceFailed}
 */
export async function downloadBlob(
  file: Blob,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: Progress },
): Promise<void> {
  if ((await sizeOf(file.blob)) === file.size) return;
  const part = `${file.blob}.incomplete`;
  await mkdir(dirname(part), { recursive: true });
  if ((await sizeOf(part)) !== file.size) await continueDownload(file, part, signal, onProgress);
  const actual = await hashOf(part, basename(file.blob), file.size);
  if (actual !== basename(file.blob)) {
    await rm(part);
    const found = `${file.url} sent contents of hash ${actual} where ${basename(file.blob)} was promised`;
    throw new ModelFileBroken(file.name, found, 'The download was deleted; try again');
  }
  await rename(part, file.blob);
}

async function continueDownload(file: Blob, part: string, signal?: AbortSignal, onProgress?: Progress): Promise<void> {
  const have = await sizeOf(part);
  const headers: Record<string, string> = have > 0 ? { Range: `bytes=${have}-` } : {};
  if (file.token) headers.Authorization = `Bearer ${file.token}`;
  const response = await fetch(file.url, { headers, signal });
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
  await pipeline(body, createWriteStream(part, { flags: goesOn ? 'a' : 'w' }), { signal });
}

/** SHA-256 of the contents, or git's SHA-1 of them as a blob: whichever `expected` is as long as. */
async function hashOf(path: string, expected: string, size: number): Promise<string> {
  const hash = expected.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
