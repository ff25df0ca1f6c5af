import { fork } from 'node:child_process';
import { messageOf } from '../../fault/fault.js';
import { messageOrEnd } from '../message-or-end.js';
import { prepareRuntime } from '../prepare-runtime.js';
import type { Device } from './device.js';

/** What came of trying a device: how fast it multiplies matrices, or why it cannot be had. */
export type Trial = { readonly operationsPerSecond: number } | { readonly refused: string };

/** A driver may take seconds for its first session. */
const LONGEST_TRIAL_MS = 60_000;

/**
 * Makes a session on a device and multiplies matrices on it, in a process of its own: a driver that fails may take its process with it, and
 * prints what it likes.
 * @throws the signal's reason when it is aborted.
 * @throws {RuntimeMissing}
 */
export async function tryDevice({ name, environment }: Device, signal?: AbortSignal): Promise<Trial> {
  prepareRuntime();
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(LONGEST_TRIAL_MS);
  const child = fork(new URL('./device-trial.js', import.meta.url), [name], {
    env: { ...environment, ...process.env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const answer = await messageOrEnd(child, AbortSignal.any(signal ? [late, signal] : [late]));
    if ('message' in answer) return answer.message as Trial;
    const [code, killer] = answer.ended;
    return { refused: `trying it ended a process by ${killer ?? `code ${code}`}` };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { refused: late.aborted ? `no answer within ${LONGEST_TRIAL_MS / 1000} s` : messageOf(thrown) };
  } finally {
    child.kill('SIGKILL');
  }
}
