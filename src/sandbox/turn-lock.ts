import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, stillRuns } from './process-identity.js';

const POLL_MS = 100;

/**
 * Run `work` while no other process runs its own under the same lock file. A lock whose holder is gone is taken over.
 * @throws the signal's reason, while waiting.
 */
export async function inTurn<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const me = JSON.stringify(await identifyProcess(process.pid));
  while (!(await take(file, me))) {
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await sleep(POLL_MS, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, me: string): Promise<boolean> {
  try {
    await writeFile(file, me, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** An empty file is one that its holder is writing just now. */
async function isAbandoned(file: string): Promise<boolean> {
  const holder = await readFile(file, 'utf8').catch(() => '');
  return holder !== '' && !(await stillRuns(JSON.parse(holder)));
}
