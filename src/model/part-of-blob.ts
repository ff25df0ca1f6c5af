import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A download writes all the time; after this long without, nobody is at it any more. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * What has come of a blob, in a file beside its place that belongs to one download alone: processes that fetch the same model at
 * once do not meet, on file systems without locks neither. What a download leaves behind, the next one takes up.
 */
export class PartOfBlob {
  private constructor(
    readonly blob: string,
    readonly path: string,
  ) {}

  /** A part for a blob of so many bytes, with what an earlier download has left, if any. */
  static async takeUp(blob: string, size: number): Promise<PartOfBlob> {
    const part = new PartOfBlob(blob, `${stemOf(blob)}-${randomUUID()}.incomplete`);
    for (const left of await leftBehind(blob)) {
      if (((await sizeOf(left)) ?? 0) > size) await rm(left, { force: true });
      else if (await moved(left, part.path)) break;
    }
    return part;
  }

  /** Bytes that are there. */
  async length(): Promise<number> {
    return (await sizeOf(this.path)) ?? 0;
  }

  /** Leaves what has come to the next download. */
  async leave(): Promise<void> {
    await moved(this.path, `${stemOf(this.blob)}.incomplete`);
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Moves the blob, which is whole, into its place, and takes away what other downloads have left of it. */
  async finish(): Promise<void> {
    await rename(this.path, this.blob);
    for (const left of await leftBehind(this.blob)) await rm(left, { force: true });
  }
}

/** A file's bytes; `undefined` where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** Hub clients know an `.incomplete` as one; the rest of the name is of no other client's. */
function stemOf(blob: string): string {
  return `${blob}.termweave`;
}

/** What downloads have left: in good order, or killed a while ago. */
async function leftBehind(blob: string): Promise<string[]> {
  const folder = dirname(blob);
  const stem = basename(stemOf(blob));
  const left = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name === `${stem}.incomplete` || (name.startsWith(`${stem}-`) && (await isAbandoned(path)))) left.push(path);
  }
  return left;
}

async function isAbandoned(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > ABANDONED_AFTER_MS,
    () => false,
  );
}

/** Whether a file was there to be moved: of several processes that try, one has it. */
async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}
