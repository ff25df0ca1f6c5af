import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputTaken } from './export-faults.js';
import type { Loss } from './loss-meter.js';
import type { FileEntry } from './output-file.js';

/** Beside the parts while an export runs; gone once `manifest.json` is there. */
export const PROGRESS = 'progress.json';
export const MANIFEST = 'manifest.json';
/** Documents of formats without parts, in parts of our own, until all are there. */
export const KEPT_PARTS = 'kept-parts';

/** What an export is made of: another try goes on where both are the same. */
export interface ExportStamp {
  /** Data and settings; with others a folder is taken. */
  readonly of: string;
  /** The state of the data; where it is another, or unknown (`null`), the export starts over. */
  readonly state: string | null;
}

/** How far an export has come: the whole parts, and what they cost. */
export interface Progress {
  readonly stamp: ExportStamp;
  readonly parts: readonly FileEntry[];
  readonly documents: Loss | null;
  /** Items of the source that the parts have settled, refused ones among them. */
  readonly read: number;
}

/**
 * Takes a folder for an export: a new or empty one, or one where the same export was interrupted, or another before its first whole part, which
 * is cleared of half files.
 * @returns where to go on; or `undefined` where all was written and only the tidying up was interrupted, which is done now.
 * @throws {OutputTaken} for a folder that holds anything else.
 */
export async function takeFolder(folder: string, stamp: ExportStamp): Promise<Progress | undefined> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  const begun = found.includes(PROGRESS) ? await readProgress(folder) : undefined;
  const isOther = begun !== undefined && begun.stamp.of !== stamp.of;
  // Without a whole part nothing is lost where it starts over with other settings.
  if (isOther && (begun.parts.length > 0 || found.includes(MANIFEST)))
    throw new OutputTaken(folder, 'an interrupted export of other data or other settings');
  if (found.includes(MANIFEST)) {
    if (!begun) throw new OutputTaken(folder, 'a finished export');
    return tidyUp(folder);
  }
  if (begun) return resume(folder, begun, stamp);
  const unknown = found.filter((name) => name !== `${PROGRESS}.partial`);
  if (unknown.length > 0) throw new OutputTaken(folder, `${JSON.stringify(unknown[0])} and no sign of an export`);
  return saveProgress(folder, fresh(stamp));
}

export async function saveProgress(folder: string, progress: Progress): Promise<Progress> {
  await writeWhole(join(folder, PROGRESS), JSON.stringify(progress));
  return progress;
}

/** Writes the manifest, which says that everything else is whole, and ends the progress. */
export async function saveManifest(folder: string, manifest: object): Promise<void> {
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await tidyUp(folder);
}

async function tidyUp(folder: string): Promise<undefined> {
  await rm(join(folder, KEPT_PARTS), { recursive: true, force: true });
  await rm(join(folder, PROGRESS), { force: true });
}

async function readProgress(folder: string): Promise<Progress> {
  return JSON.parse(await readFile(join(folder, PROGRESS), 'utf8')) as Progress;
}

async function resume(folder: string, begun: Progress, stamp: ExportStamp): Promise<Progress> {
  const isSame = begun.stamp.of === stamp.of && stamp.state !== null && begun.stamp.state === stamp.state;
  const progress = isSame ? begun : fresh(stamp);
  await clearExcept(folder, new Set([PROGRESS, ...progress.parts.map(({ path }) => path)]));
  return saveProgress(folder, progress);
}

function fresh(stamp: ExportStamp): Progress {
  return { stamp, parts: [], documents: null, read: 0 };
}

async function clearExcept(folder: string, kept: ReadonlySet<string>, below = ''): Promise<void> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      await clearExcept(folder, kept, path);
      // Not where something is kept in it.
      await rmdir(join(folder, path)).catch(() => undefined);
    } else if (!kept.has(path)) await rm(join(folder, path));
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}
