import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OutputFile } from '../../../src/export/output-file.js';
import { inFreshFolder } from '../../support/token-vectors.js';

it('keeps nothing of the writes that had to wait', async () => {
  await inFreshFolder(async (folder) => {
    const output = await OutputFile.create(folder, 'out');
    const chunk = new Uint8Array(20_000);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heap = async (writes: number) => {
      for (let i = 0; i < writes; i++) await output.write(chunk);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await heap(2_000);
    // They left 400 bytes each.
    expect((await heap(20_000)) - before).toBeLessThan(4_000_000);
    expect((await output.finish()).bytes).toBe(22_000 * 20_000);
  });
});

it('tells what the disk said where a writer waits', async () => {
  await inFreshFolder(async (folder) => {
    const broken = await OutputFile.create(folder, 'x'.repeat(250));
    const writing = async () => {
      for (let i = 0; i < 1_000; i++) await broken.write(new Uint8Array(100_000));
    };
    await expect(writing()).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });
});
