import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file and folder under a folder: the SHA-256 of a file, nothing of a folder. */
export async function shasUnder(folder: string): Promise<Record<string, string>> {
  const shas: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    shas[path.slice(folder.length)] = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
  }
  return shas;
}
