import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportVectors } from '../../../src/export/export-vectors.js';
import { formats } from '../../../src/export/formats.js';
import type { TokenVector } from '../../../src/export/token-vector.js';
import { inFreshFolder } from '../../support/token-vectors.js';

const DOCUMENTS_PER_PART = 200;
const COUNT = 2 * DOCUMENTS_PER_PART + 10;

/** Documents from `skip` on; the source fails before document `until`. */
async function* documents(skip: number, until = COUNT): AsyncGenerator<TokenVector> {
  for (let i = skip; i < COUNT; i++) {
    if (i === until) throw new Error('the power went');
    yield { id: String(i), tokens: ['a', `t${i % 97}`], weights: [1 + (i % 5) / 7, 0.004] };
  }
}

const request = (folder: string, until?: number, name: 'anserini' | 'ciff' = 'anserini') => ({
  format: formats[name](),
  folder,
  documents: (skip: number) => documents(skip, until),
  stamp: 'same data, same settings',
  compression: 'gzip' as const,
  documentsPerPart: DOCUMENTS_PER_PART,
});

describe('an export that was interrupted', () => {
  it('goes on after the last whole part, and ends with the same bytes as one that was not', async () => {
    await inFreshFolder(async (folder) => {
      const [broken, whole] = [join(folder, 'broken'), join(folder, 'whole')];
      await expect(exportVectors(request(broken, DOCUMENTS_PER_PART + 50))).rejects.toThrow('the power went');
      expect(await readdir(join(broken, 'documents'))).toEqual(['part-00000.jsonl.gz']);

      const skips: number[] = [];
      const resumed = await exportVectors({
        ...request(broken),
        documents: (skip) => {
          skips.push(skip);
          return documents(skip);
        },
      });
      expect(skips).toEqual([DOCUMENTS_PER_PART]);
      expect(resumed).toEqual(await exportVectors(request(whole)));
      expect(await shasUnder(broken)).toEqual(await shasUnder(whole));
    });
  });

  it('begins again where its format has no parts', async () => {
    await inFreshFolder(async (folder) => {
      const [broken, whole] = [join(folder, 'broken'), join(folder, 'whole')];
      await expect(exportVectors(request(broken, 300, 'ciff'))).rejects.toThrow('the power went');
      expect(await readdir(broken)).toEqual(['progress.json']);
      expect(await exportVectors(request(broken, undefined, 'ciff'))).toEqual(
        await exportVectors(request(whole, undefined, 'ciff')),
      );
    });
  });

  it('is cleared of what a killed process left, half files included', async () => {
    await inFreshFolder(async (folder) => {
      const out = join(folder, 'out');
      await expect(exportVectors(request(out, 10))).rejects.toThrow('the power went');
      await writeFile(join(out, 'documents/part-00000.jsonl.gz.partial'), 'half');
      await exportVectors(request(out));
      expect((await readdir(out, { recursive: true })).filter((name) => name.includes('partial'))).toEqual([]);
    });
  });

  it('does not go on with other settings', async () => {
    await inFreshFolder(async (folder) => {
      await expect(exportVectors(request(folder, 10))).rejects.toThrow('the power went');
      const other = exportVectors({ ...request(folder), stamp: 'other' });
      await expect(other).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
    });
  });

  it('ends when it is told to, with the reason', async () => {
    await inFreshFolder(async (folder) => {
      const controller = new AbortController();
      const onProgress = (count: number) => count === 100 && controller.abort(new Error('enough'));
      const run = exportVectors({ ...request(folder), signal: controller.signal, onProgress });
      await expect(run).rejects.toThrow('enough');
    });
  });
});

describe('a folder that holds something else', () => {
  it('is left alone', async () => {
    await inFreshFolder(async (folder) => {
      await mkdir(join(folder, 'photos'));
      await expect(exportVectors(request(folder))).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
      expect(await readdir(folder)).toEqual(['photos']);
    });
  });
});

async function shasUnder(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const shas: Record<string, string> = {};
  for (const { parentPath, name } of names) {
    const bytes = await readFile(join(parentPath, name));
    shas[`${parentPath.slice(folder.length)}/${name}`] = createHash('sha256').update(bytes).digest('hex');
  }
  return shas;
}
