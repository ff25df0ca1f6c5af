import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../../src/sandbox/data-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'termweave-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('openDataFolder', () => {
  it('makes the folder that was asked for, and leaves it', async () => {
    const data = await openDataFolder(join(folder, 'a/b'));
    await data.remove();
    expect(existsSync(join(folder, 'a/b'))).toBe(true);
  });

  it('removes a temporary one', async () => {
    const data = await openDataFolder();
    expect(existsSync(data.path)).toBe(true);
    await data.remove();
    expect(existsSync(data.path)).toBe(false);
  });

  it('says that a folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openDataFolder(join(folder, 'file/data'))).rejects.toMatchObject({
      code: 'SANDBOX_DATA_UNWRITABLE',
      found: 'it cannot be written (ENOTDIR)',
      kind: 'environment',
    });
  });
});
