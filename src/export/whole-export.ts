import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BrokenFile } from './export-faults.js';
import type { ExportFormat, Side } from './export-format.js';
import { MANIFEST, PROGRESS } from './export-progress.js';

const manifestSchema = z.object({
  format: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  origin: z.record(z.string(), z.unknown()),
  loss: z.object({ quantisation: z.string() }),
});

/** What reading a folder back needs of its manifest. */
export type WrittenManifest = z.infer<typeof manifestSchema>;

/** The manifest of a folder that an export of ours has written; nothing where there is none, or another program's of that name. */
export async function readManifest(folder: string): Promise<WrittenManifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = manifestSchema.safeParse(parseJson(text));
  return read.success ? read.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Looks at a folder before one side of it is read: a part that is not there would not be missed. A single file is what it is.
 * @throws {BrokenFile} for an export that is not finished, is of another format, has lost files, or holds nothing of this format.
 */
export async function mustBeWholeExport(format: ExportFormat, from: string, side: Side): Promise<void> {
  const isFolder = (await stat(from).catch(() => undefined))?.isDirectory();
  if (!isFolder) return;
  const manifest = await readManifest(from);
  if (manifest) await mustBeWhole(manifest, format, from, side);
  else if ((await readdir(from)).includes(PROGRESS)) {
    throw new BrokenFile(from, `an export that is not finished (${PROGRESS}): run it again, it goes on`);
  }
  const files = await Promise.all((['documents', 'queries'] as const).map((one) => format.filesOf(from, one)));
  if (files.flat().length === 0) throw new BrokenFile(from, `no file of format ${format.name} in it`);
}

async function mustBeWhole(manifest: WrittenManifest, format: ExportFormat, from: string, side: Side): Promise<void> {
  if (manifest.format !== format.name) {
    throw new BrokenFile(from, `an export of format ${manifest.format}, not ${format.name}`);
  }
  const other: Side = side === 'documents' ? 'queries' : 'documents';
  for (const { path, bytes } of manifest.files) {
    // Whoever reads one side may have left the other one where it was.
    if (path.startsWith(other)) continue;
    const found = await stat(join(from, path)).catch(() => undefined);
    if (found?.size === bytes) continue;
    const size = found ? `${found.size} bytes` : 'nothing';
    throw new BrokenFile(join(from, path), `${size} where ${MANIFEST} says ${bytes} bytes`);
  }
}
