import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Names what lies at a path: another size or another time of change of the file, or of any file of the folder, makes another stamp. The
 * path alone where nothing is there.
 */
export async function dataStamp(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return path;
  if (!stats.isDirectory()) return `${path} ${stats.size} ${stats.mtimeMs}`;
  const names = (await readdir(path)).sort();
  return JSON.stringify(await Promise.all(names.map((name) => dataStamp(join(path, name)))));
}
