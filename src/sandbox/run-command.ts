import { spawn } from 'node:child_process';

/** How a command ended, and the last of what it said on stdout and stderr together. */
export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
}

const KEPT_CHARACTERS = 20_000;

/**
 * Run a command to its end. The environment is passed on as it is, with `additions`.
 * @throws the `spawn` error (`ENOENT` for a command that is not there), or the signal's reason.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { additions = {}, signal }: { additions?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...additions },
      signal,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(signal?.aborted ? signal.reason : error));
    child.once('close', (status) => resolve({ status, output }));
  });
}
