import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, type ProcessIdentity, stillRuns } from './process-identity.js';

const POLL_MS = 100;

export interface TurnOptions {
  readonly signal?: AbortSignal;
  /** Told once of each process that is waited for. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

/**
 * Runs `work` while no other process runs its own under the same lock file. The file appears whole, as a second name of one that its holder
 * wrote before: a lock that cannot be read, or whose holder is gone, is nobody's, and is taken over.
 * @throws an `AbortError` when the signal is aborted while waiting.
 */
export async function inTurn<T>(file: string, work: () => Promise<T>, options: TurnOptions = {}): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const own = `${file}.${randomUUID().slice(0, 8)}`;
  await writeFile(own, JSON.stringify(await identifyProcess(process.pid)));
  try {
    await take(file, own, options);
    try {
      await sweep(file);
      return await work();
    } finally {
      await release(file, own);
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function take(file: string, own: string, { signal, onWait }: TurnOptions): Promise<void> {
  let told: number | undefined;
  while (!(await links(own, file))) {
    const lock = await look(file);
    if (!lock) continue;
    if (!lock.holder) await setAside(file, `${own}.stale`, lock.file);
    else {
      if (told !== lock.holder.pid) onWait?.(lock.holder);
      told = lock.holder.pid;
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

async function links(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The lock file, by its inode, and its holder where that is a process that runs; nothing where the lock is gone. */
async function look(file: string): Promise<{ file: bigint; holder: ProcessIdentity | undefined } | undefined> {
  const inode = await inodeOf(file);
  if (inode === undefined) return undefined;
  const holder = parseHolder(await readFile(file, 'utf8').catch(() => ''));
  return { file: inode, holder: holder && (await stillRuns(holder)) ? holder : undefined };
}

function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text);
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Moves a lock that is nobody's out of the way. Where another process was quicker, and this is its lock by now, it gets it back. */
async function setAside(file: string, aside: string, stale: bigint): Promise<void> {
  if ((await inodeOf(file)) !== stale) return;
  await rename(file, aside).catch(() => undefined);
  const moved = await inodeOf(aside);
  if (moved !== undefined && moved !== stale) await links(aside, file);
  await rm(aside, { force: true });
}

/** Removes what processes that were killed had written to take the lock with. */
async function sweep(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const path = join(dirname(file), name);
    const holder = parseHolder(await readFile(path, 'utf8').catch(() => ''));
    if (holder && !(await stillRuns(holder))) await rm(path, { force: true });
  }
}

/** Only one's own lock: another may stand there by now. */
async function release(file: string, own: string): Promise<void> {
  if ((await inodeOf(file)) === (await inodeOf(own))) await rm(file, { force: true });
}

async function inodeOf(file: string): Promise<bigint | undefined> {
  return stat(file, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
