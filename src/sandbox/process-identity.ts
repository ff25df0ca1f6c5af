import { readFile } from 'node:fs/promises';
import { endInTime } from './end-in-time.js';
import { runCommand } from './run-command.js';

/** A process, told apart from a later one with the same number by the moment of its start. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system says it: clock ticks since boot on Linux, a date elsewhere. Only ever compared. */
  readonly startedAt: string;
}

/** The process with this number now, or `undefined`. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === 'linux' ? await startInProc(pid) : await startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether that very process still runs. */
export async function stillRuns({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(pid))?.startedAt === startedAt;
}

/** Field 22 of `/proc/PID/stat` (proc(5)), counted behind the name, which may hold spaces; a zombie does not run. */
async function startInProc(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19]}`;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const { status, output } = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return status === 0 && output.trim() !== '' ? output.trim() : undefined;
}

/** End that very process, cleanly (SIGTERM) or, when that takes too long, by force. One that is gone already is left alone. */
export async function endProcess(target: ProcessIdentity): Promise<void> {
  await endInTime({ runs: () => stillRuns(target), signal: (name) => signal(target, name) });
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
