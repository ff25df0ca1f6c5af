import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportVectors } from '../../../src/export/export-vectors.js';
import { type FormatName, formats } from '../../../src/export/formats.js';
import type { VectorItem, VectorSource } from '../../../src/export/vector-source.js';
import { shasUnder } from '../../support/folder-shas.js';
import { inFreshFolder } from '../../support/token-vectors.js';

const DOCUMENTS_PER_PART = 200;
const COUNT = 2 * DOCUMENTS_PER_PART + 10;

/** Documents, each hundredth of them refused; the source fails before item `until`. `skips` sees how it is asked. */
function documents(until = COUNT, skips: number[] = []): VectorSource {
  async function* items({ skip = 0 }): AsyncGenerator<VectorItem> {
    skips.push(skip);
    for (let i = skip; i < COUNT; i++) {
      if (i === until) throw new Error('the power went');
      const terms = { tokens: ['a', `t${i % 97}`], weights: [1 + (i % 5) / 7, 0.004] };
      if (i % 100 === 7)
        yield { ok: false, refusal: { line: i + 1, status: 400, type: 'unreadable_line', reason: 'no' } };
      else yield { ok: true, document: { id: String(i), ...terms } };
    }
  }
  return { name: 'documents', items };
}

const whole = (folder: string, name: FormatName = 'anserini') => ({
  format: formats[name](),
  folder,
  documents: documents(),
  queries: fewQueries,
  stamp: { of: 'same data, same settings', state: 'state' as string | null },
  compression: 'gzip' as const,
  documentsPerPart: DOCUMENTS_PER_PART,
  onRefused: () => undefined,
});
const broken = (folder: string, until: number, name?: FormatName) => ({
  ...whole(folder, name),
  documents: documents(until),
});
const fewQueries: VectorSource = {
  name: 'queries',
  async *items() {
    yield { ok: true, document: { id: 'q', tokens: ['z', 'a'], weights: [0.5, 1] } };
  },
};

describe.each(['anserini', 'ciff', 'csr', 'terms', 'vespa'] as const)(
  'an export to %s that was interrupted',
  (name) => {
    it('goes on after the last whole part, and ends with the same bytes as one that was not', async () => {
      await inFreshFolder(async (folder) => {
        const [cut, calm] = [join(folder, 'cut'), join(folder, 'calm')];
        await expect(exportVectors(broken(cut, DOCUMENTS_PER_PART + 150, name))).rejects.toThrow('the power went');
        const skips: number[] = [];
        const resumed = await exportVectors({ ...whole(cut, name), documents: documents(COUNT, skips) });
        // Three items before it were refused.
        expect(skips).toEqual([DOCUMENTS_PER_PART + 2]);
        expect(resumed).toEqual(await exportVectors(whole(calm, name)));
        expect(resumed).toMatchObject({ documents: COUNT - 5, refused: 5 });
        expect(await shasUnder(cut)).toEqual(await shasUnder(calm));
      });
    });

    it('begins again where the data has changed or may have', async () => {
      await inFreshFolder(async (folder) => {
        const [cut, calm] = [join(folder, 'cut'), join(folder, 'calm')];
        const other = { of: 'same data, same settings', state: 'another' };
        for (const stamp of [other, { ...other, state: null }, { ...other, state: null }]) {
          await expect(exportVectors({ ...broken(cut, 300, name), stamp })).rejects.toThrow('the power went');
        }
        const skips: number[] = [];
        await exportVectors({ ...whole(cut, name), documents: documents(COUNT, skips) });
        expect(skips).toEqual([0]);
        await exportVectors(whole(calm, name));
        expect(await shasUnder(cut)).toEqual(await shasUnder(calm));
      });
    });
  },
);

describe('an export that was interrupted', () => {
  it('is cleared of what a killed process left, half files and their folders included', async () => {
    await inFreshFolder(async (folder) => {
      const out = join(folder, 'out');
      await expect(exportVectors(broken(out, 10))).rejects.toThrow('the power went');
      await mkdir(join(out, 'rows.partial-x'));
      await mkdir(join(out, 'documents'));
      await writeFile(join(out, 'rows.partial-x/0'), 'half');
      await writeFile(join(out, 'documents/part-00000.jsonl.gz.partial'), 'half');
      await exportVectors(whole(out));
      expect((await readdir(out, { recursive: true })).filter((name) => name.includes('partial'))).toEqual([]);
    });
  });

  it('while it tidied up is tidied up, and answered from its manifest', async () => {
    await inFreshFolder(async (folder) => {
      const [cut, calm] = [join(folder, 'cut'), join(folder, 'calm')];
      await expect(exportVectors(broken(cut, 300, 'ciff'))).rejects.toThrow('the power went');
      const progress = await readFile(join(cut, 'progress.json'));
      await rm(cut, { recursive: true });
      const manifest = await exportVectors(whole(cut, 'ciff'));
      await writeFile(join(cut, 'progress.json'), progress);
      await mkdir(join(cut, 'kept-parts'));
      expect(await exportVectors(whole(cut, 'ciff'))).toEqual(manifest);
      await exportVectors(whole(calm, 'ciff'));
      expect(await shasUnder(cut)).toEqual(await shasUnder(calm));
      await expect(exportVectors(whole(cut, 'ciff'))).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
    });
  });

  it('does not go on with other settings', async () => {
    await inFreshFolder(async (folder) => {
      await expect(exportVectors(broken(folder, 300))).rejects.toThrow('the power went');
      const other = exportVectors({ ...whole(folder), stamp: { of: 'other', state: 'state' } });
      await expect(other).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
    });
  });

  it('starts over with other settings where no part was whole', async () => {
    await inFreshFolder(async (folder) => {
      await expect(exportVectors(broken(folder, 10))).rejects.toThrow('the power went');
      await exportVectors({ ...whole(folder), stamp: { of: 'other', state: 'state' } });
    });
  });

  it('ends when it is told to, with the reason', async () => {
    await inFreshFolder(async (folder) => {
      const controller = new AbortController();
      const onProgress = (count: number) => count >= 100 && controller.abort(new Error('enough'));
      const run = exportVectors({ ...whole(folder), signal: controller.signal, onProgress });
      await expect(run).rejects.toThrow('enough');
    });
  });
});

describe('a folder that holds something else', () => {
  it('is left alone', async () => {
    await inFreshFolder(async (folder) => {
      await mkdir(join(folder, 'photos'));
      await expect(exportVectors(whole(folder))).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
      expect(await readdir(folder)).toEqual(['photos']);
    });
  });
});
