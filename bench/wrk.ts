/** Debian's wrk as the load generator: a process in C, which takes far less of a shared machine than node's own client. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface WrkResult {
  readonly perSecond: number;
  /** As wrk writes them: `1.21ms`. */
  readonly p50: string;
  readonly p99: string;
}

/** Posts one body for some seconds over so many kept connections. @throws where wrk is not installed, or any answer was an error. */
export async function wrk(url: string, body: string, clients: number, seconds: number): Promise<WrkResult> {
  const folder = mkdtempSync(join(tmpdir(), 'termweave-wrk-'));
  const script = join(folder, 'post.lua');
  writeFileSync(
    script,
    `wrk.method = "POST"\nwrk.body = [==[${body}]==]\nwrk.headers["content-type"] = "application/json"\n`,
  );
  try {
    const asked = ['-t1', `-c${clients}`, `-d${seconds}s`, '--latency', '-s', script, url];
    const { stdout } = await promisify(execFile)('wrk', asked);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
    const found = (pattern: RegExp) => pattern.exec(stdout)![1]!;
    return {
      perSecond: Number(found(/Requests\/sec:\s+([\d.]+)/)),
      p50: found(/^\s+50%\s+(\S+)/m),
      p99: found(/^\s+99%\s+(\S+)/m),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
