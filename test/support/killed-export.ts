import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const PROGRAM = resolve('bin/termweave.js');
const POLL_MS = 2;

/** Runs `termweave` with these arguments. @returns its exit code, or the signal that ended it. */
export async function runUntil(
  args: readonly string[],
  kill: () => Promise<boolean>,
  env: Record<string, string> = {},
): Promise<number | string> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | string>((done) => {
    child.on('exit', (code, signal) => done(signal ?? code!));
  });
  while (child.exitCode === null && child.signalCode === null) {
    if (await kill()) child.kill('SIGKILL');
    await new Promise((again) => setTimeout(again, POLL_MS));
  }
  return ended;
}

/** Whether an export into a folder has that many whole parts. */
export const hasParts = (folder: string, count: number) => async () => (await wholeParts(folder)) >= count;

export const never = async () => false;

/** How many whole parts the export into a folder can go on from. */
async function wholeParts(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'progress.json'), 'utf8').catch(() => '{"parts":[]}');
  return (JSON.parse(text) as { parts: unknown[] }).parts.length;
}
