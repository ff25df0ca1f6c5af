import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../../src/sandbox/data-folder.js';

const mount = (path: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', path], { stdio: 'ignore' });

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

  (canMount() ? it : it.skip)(
    'says that a disk is full (a small one is mounted, which takes root and Linux)',
    async () => {
      mount(folder);
      try {
        await expect(openDataFolder(join(folder, 'data'))).rejects.toMatchObject({
          code: 'SANDBOX_DISK_FULL',
          freeBytes: expect.closeTo(16 * 2 ** 20, -5),
          neededBytes: 500e6,
        });
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );
});

/** Root in a container may not. */
function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'termweave-mount-'));
  try {
    mount(probe);
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}
