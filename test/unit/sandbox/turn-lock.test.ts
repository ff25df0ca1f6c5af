import { link, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../src/sandbox/process-identity.js';
import { inTurn } from '../../../src/sandbox/turn-lock.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const freshFolder = () => mkdtemp(join(tmpdir(), 'termweave-lock-'));
const dead = JSON.stringify({ pid: 1, startedAt: 'long ago' });

describe('a lock', () => {
  it.each([
    ['empty', ''],
    ['no JSON', 'x'],
    ['null', 'null'],
    ['of something else', '{"a":1}'],
    ['of a process that is gone', dead],
  ])('that is %s is taken over', async (_, content) => {
    const folder = await freshFolder();
    const file = join(folder, 'lock');
    await writeFile(file, content);
    await writeFile(`${file}.12345678`, dead);
    expect(await inTurn(file, async () => 'done')).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one work at a time, however many find it abandoned', async () => {
    const folder = await freshFolder();
    const file = join(folder, 'lock');
    let [working, most, done] = [0, 0, 0];
    const work = async () => {
      most = Math.max(most, ++working);
      await pause(2);
      working--;
      done++;
      // Killed under its work: it leaves a lock of a process that is gone.
      await writeFile(join(folder, 'dead'), dead);
      await rename(join(folder, 'dead'), file);
    };
    await Promise.all(Array.from({ length: 12 }, () => inTurn(file, work)));
    expect([most, done]).toEqual([1, 12]);
  });

  it('is waited for in words, until the signal ends that', async () => {
    const file = join(await freshFolder(), 'lock');
    const holder = await identifyProcess(process.pid);
    await writeFile(file, JSON.stringify(holder));
    const told: unknown[] = [];
    const signal = AbortSignal.timeout(500);
    const waiting = inTurn(file, async () => 'done', { signal, onWait: (one) => told.push(one) });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toEqual([holder]);
    expect(await readFile(file, 'utf8')).toBe(JSON.stringify(holder));
  });

  it('of another is not released', async () => {
    const folder = await freshFolder();
    const file = join(folder, 'lock');
    await writeFile(join(folder, 'other'), 'other');
    await inTurn(file, async () => {
      await rename(file, join(folder, 'moved'));
      await link(join(folder, 'other'), file);
    });
    expect(await readFile(file, 'utf8')).toBe('other');
  });
});
