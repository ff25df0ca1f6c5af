import { readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportVectors } from '../../../src/export/export-vectors.js';
import { formatNamed } from '../../../src/export/formats.js';
import { importedVectors } from '../../../src/export/sources/imported-vectors.js';
import { collect } from '../../support/collect.js';
import { inFreshFolder, sourceOf } from '../../support/token-vectors.js';

const VECTORS = ['a', 'b', 'c'].map((id) => ({ id, tokens: ['x'], weights: [1] }));

/** An export of three documents in three parts, read back by some format. */
async function readBack(format: string, change: (folder: string) => Promise<unknown>) {
  return inFreshFolder(async (folder) => {
    await exportVectors({
      format: formatNamed('anserini'),
      folder,
      documents: sourceOf(VECTORS),
      queries: sourceOf(VECTORS.slice(0, 1)),
      documentsPerPart: 1,
    });
    await change(folder);
    const items = await collect(importedVectors(formatNamed(format), folder, 'documents').items({ skip: 0 }));
    return items.map((item) => item.ok && item.document.id);
  });
}

describe('a folder of an export', () => {
  it('is read where it is whole, also without the side that is not asked for, or without its manifest', async () => {
    const ids = ['a', 'b', 'c'];
    expect(await readBack('anserini', async () => undefined)).toEqual(ids);
    expect(await readBack('anserini', (folder) => rm(join(folder, 'queries.tsv')))).toEqual(ids);
    expect(await readBack('anserini', (folder) => rm(join(folder, 'manifest.json')))).toEqual(ids);
    const foreign = (folder: string) => writeFile(join(folder, 'manifest.json'), '{"name":"x"}');
    expect(await readBack('anserini', foreign)).toEqual(ids);
  });

  it.each([
    ['of another format', 'ciff', async () => undefined, /format anserini, not ciff/],
    ['with a part lost', 'anserini', (folder: string) => rm(part(folder, 1)), /nothing where manifest.json says/],
    [
      'with a part cut',
      'anserini',
      (folder: string) => truncate(part(folder, 2), 5),
      /5 bytes where manifest.json says/,
    ],
    [
      'not finished',
      'anserini',
      (folder: string) => rename(join(folder, 'manifest.json'), join(folder, 'progress.json')),
      /not finished/,
    ],
    [
      'emptied',
      'anserini',
      async (folder: string) => {
        for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
      },
      /no file of format anserini/,
    ],
  ])('is refused %s', async (_what, format, change, found) => {
    const refused = { code: 'FILE_BROKEN', found: expect.stringMatching(found) };
    await expect(readBack(format, change)).rejects.toMatchObject(refused);
  });
});

const part = (folder: string, number: number) => join(folder, `documents/part-0000${number}.jsonl`);
