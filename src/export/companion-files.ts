import type { CompanionFile } from './export-format.js';
import { type FileEntry, OutputFile } from './output-file.js';

/** Writes files of fixed text, each whole or not at all, never compressed. */
export async function writeCompanions(folder: string, companions: readonly CompanionFile[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const { path, text } of companions) {
    const file = await OutputFile.create(folder, path);
    await file.write(text);
    entries.push(await file.finish());
  }
  return entries;
}
