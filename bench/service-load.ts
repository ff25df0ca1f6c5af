/**
 * How does `termweave serve` hold under load, beside sentence-transformers behind FastAPI on the same weights? 1 to 256 clients (autocannon, loopback)
 * ask for single queries, and for batches of 32 passages: answers/s, p50 and p99 of those that were admitted, answers of 429, peak memory. The two are
 * interleaved step by step, each step with both on the same texts.
 *
 * Traps: the load generator shares the two cores, which costs the faster one more; the peer turns nobody away, so past its capacity its latency is the length of its
 * line, and what autocannon counts is what came back within the step; a step that ends with no answer says 0. It does not notice either that its clients have
 * left, so each step waits until its server is idle: what it goes on doing would be taken from the next one.
 *
 *   npm run build && node bench/run.mjs service-load [--python PYTHON] [--seconds 3] [--clients 1,16,256]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { homeFolder } from '../src/cli/settings.js';
import { resolveModel } from '../src/model/resolve-model.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '1,16,256' },
  },
});
const THREADS = 2;
const BATCH = 32;
const PEER_PORT = 18_765;
const MAX_TOKENS = 256;

const queries = ['how does a fox hunt', 'predators in the evening', 'what does bread need', 'warm winter coat'];
const passage = readFileSync('README.md', 'utf8').replace(/\s+/g, ' ');
const passages = Array.from({ length: BATCH }, (_, i) => passage.slice(100 * i, 100 * i + 500));

interface Served {
  readonly name: string;
  readonly url: string;
  readonly process: ChildProcess;
}

/** Answers/s of each step. */
const rates: { load: string; clients: number; name: string; admitted: number }[] = [];
const { folder } = await resolveModel('splade-tiny', { home: homeFolder() });
const served: Served[] = [await serve(), ...(values.python ? [await peer(values.python)] : [])];
try {
  console.log('load            clients  server                 answers/s   p50 ms   p99 ms   429s');
  for (const clients of values.clients.split(',').map(Number)) {
    for (const one of served) await step('queries', clients, one, queries);
  }
  for (const clients of values.clients.split(',').map(Number)) {
    for (const one of served) await step(`batches of ${BATCH}`, clients, one, undefined);
  }
  printRatios();
  for (const { name, process } of served) console.log(`${name}: peak ${peakMb(process)} MB`);
} finally {
  for (const { process } of served) process.kill('SIGTERM');
}

async function step(
  load: string,
  clients: number,
  { name, url, process }: Served,
  singles: readonly string[] | undefined,
) {
  const bodies = singles
    ? singles.map((text) => JSON.stringify({ inputs: text }))
    : [JSON.stringify({ inputs: passages })];
  const result = await autocannon({
    url: `${url}/encode?as=${singles ? 'query' : 'document'}`,
    connections: clients,
    duration: Number(values.seconds),
    timeout: 60,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: bodies.map((body) => ({ body, path: `/encode?as=${singles ? 'query' : 'document'}` })) as never,
  });
  const admitted = result['2xx'] / result.duration;
  const { p50, p99 } = result.latency;
  const columns = [load.padEnd(15), String(clients).padStart(7), name.padEnd(22), admitted.toFixed(1).padStart(9)];
  console.log(
    [...columns, String(p50).padStart(8), String(p99).padStart(8), String(result.non2xx).padStart(6)].join('  '),
  );
  rates.push({ load, clients, name, admitted });
  await idle(process);
}

/** Resolves when a process has done next to nothing for half a second, or after a minute. */
async function idle({ pid }: ChildProcess): Promise<void> {
  for (let waited = 0, before = -1; waited < 120; waited++) {
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const now = Number(ticks[11]) + Number(ticks[12]);
    if (now - before <= 3) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function printRatios(): void {
  const [ours, peers] = served.map(({ name }) => rates.filter((one) => one.name === name));
  for (const [i, { load, clients, admitted }] of (peers ?? []).entries())
    console.log(`ratio, ${load}, ${clients} clients: ${(ours![i]!.admitted / admitted).toFixed(1)}`);
}

async function serve(): Promise<Served> {
  const process = started('node', ['bin/termweave.js', 'serve', '--port', '0', '--workers', String(THREADS), '--json']);
  const [line] = (await once(createInterface({ input: process.stdout! }), 'line')) as [string];
  return { name: 'termweave serve', url: JSON.parse(line).url, process };
}

async function peer(python: string): Promise<Served> {
  const words = ['bench/fastapi_peer.py', folder, String(PEER_PORT), String(THREADS), String(MAX_TOKENS)];
  const process = started(python, words);
  const url = `http://127.0.0.1:${PEER_PORT}`;
  for (let i = 0; i < 600; i++) {
    if (
      await fetch(`${url}/memory`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name: 'sentence-transformers', url, process };
}

function started(command: string, words: readonly string[]): ChildProcess {
  return spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function peakMb({ pid }: ChildProcess): string {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) / 1024).toFixed(0);
}
