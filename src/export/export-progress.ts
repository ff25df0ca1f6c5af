import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputTaken } from './export-faults.js';
import type { Loss } from './loss-meter.js';
import type { FileEntry } from './output-file.js';

/** Beside the parts while an export runs; gone once `manifest.json` is there. */
const PROGRESS = 'progress.json';
export const MANIFEST = 'manifest.json';

/** How far an export has come: the whole parts, and what they cost. */
export interface Progress {
  /** What the export is made of and how: another try goes on only where it is the same. `null` for a source that may change. */
  readonly stamp: string | null;
  readonly parts: readonly FileEntry[];
  readonly documents: Loss | null;
}

/**
 * Takes a folder for an export: a new or empty one, or one where the same export was interrupted, which is cleared of half files.
 * @returns where to go on.
 * @throws {OutputTaken} for a folder that holds anything else.
 */
export async function takeFolder(folder: string, stamp: string | null): Promise<Progress> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.includes(MANIFEST)) throw new OutputTaken(folder, 'a finished export');
  if (found.includes(PROGRESS)) return resume(folder, stamp);
  if (found.length > 0) throw new OutputTaken(folder, `${JSON.stringify(found[0])} and no sign of an export`);
  return saveProgress(folder, { stamp, parts: [], documents: null });
}

export async function saveProgress(folder: string, progress: Progress): Promise<Progress> {
  await writeWhole(join(folder, PROGRESS), JSON.stringify(progress));
  return progress;
}

/** Writes the manifest, which says that everything else is whole, and ends the progress. */
export async function saveManifest(folder: string, manifest: object): Promise<void> {
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(join(folder, PROGRESS), { force: true });
}

async function resume(folder: string, stamp: string | null): Promise<Progress> {
  const progress = JSON.parse(await readFile(join(folder, PROGRESS), 'utf8')) as Progress;
  if (progress.stamp !== stamp) throw new OutputTaken(folder, 'an interrupted export of other data or other settings');
  const whole = stamp === null ? { stamp, parts: [], documents: null } : progress;
  await clearExcept(folder, new Set([PROGRESS, ...whole.parts.map(({ path }) => path)]));
  return saveProgress(folder, whole);
}

async function clearExcept(folder: string, kept: ReadonlySet<string>, below = ''): Promise<void> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) await clearExcept(folder, kept, path);
    else if (!kept.has(path)) await rm(join(folder, path));
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}
