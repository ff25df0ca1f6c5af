import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DataFolderUnwritable, DiskFull } from './sandbox-faults.js';

/** What a node needs at the least: an engine blocks writes when its disk runs full, and then nothing says why. */
const NEEDED_BYTES = 500e6;

/** Where a sandbox keeps data and logs; `remove` deletes it where the sandbox made it itself. */
export interface DataFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * The folder that was asked for, made if need be, or a temporary one.
 * @throws {DataFolderUnwritable} {@link DiskFull}
 */
export async function openDataFolder(asked?: string): Promise<DataFolder> {
  const path = asked === undefined ? await mkdtemp(join(tmpdir(), 'termweave-sandbox-')) : resolve(asked);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new DataFolderUnwritable(path, error);
  }
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize < NEEDED_BYTES) throw new DiskFull(path, bavail * bsize, NEEDED_BYTES);
  return {
    path,
    remove: async () => {
      if (asked === undefined) await rm(path, { recursive: true, force: true });
    },
  };
}
