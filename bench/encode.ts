/**
 * How many documents a second, how quick is a query, how much memory, beside sentence-transformers?
 *
 * Same weights (splade-tiny), same texts, same cut (256 tokens), the same number of threads, rounds interleaved. Medians over the
 * rounds; the ratio is the median of the rounds' own ratios. Queries go one at a time.
 *
 *   npm run build && node bench/run.mjs encode --python venv/bin/python --texts corpus.jsonl.gz --queries queries.jsonl
 *     [--documents 200] [--batch 1] [--rounds 5] [--threads 2]
 *
 * Traps: sentence-transformers is the quicker the smaller its batches (1 is its best for this model; try 8 and 32). Other work
 * on the machine hits both, so the ratio is meant and not the rate; CPU seconds are given beside wall seconds for that reason.
 * The first round warms up and is not counted. Peak memory is of the whole process, both have read the same texts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { resolveModel } from '../src/model/resolve-model.js';
import { figure } from './figures.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    texts: { type: 'string' },
    queries: { type: 'string' },
    home: { type: 'string' },
    documents: { type: 'string', default: '200' },
    batch: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
});
const MAX_TOKENS = 256;
const QUERIES = 100;
const home = options.home ?? process.env.TERMWEAVE_HOME;
const threads = Number(options.threads);

interface Measured {
  readonly seconds: number;
  readonly cpu: number;
  readonly times: readonly number[];
  readonly peak_mb: number;
}

const documents = textsOf(options.texts!, Number(options.documents));
const queries = textsOf(options.queries!, QUERIES);
const { folder } = await resolveModel('splade-tiny', { home });
const peer = spawn(
  options.python,
  [new URL('sentence_transformers_peer.py', import.meta.url).pathname, folder, `${threads}`, `${MAX_TOKENS}`],
  { stdio: ['pipe', 'pipe', 'ignore'] },
);
const answers = createInterface({ input: peer.stdout! })[Symbol.asyncIterator]();
const encoder = await loadEncoder('splade-tiny', { home, workers: threads, maxTokens: MAX_TOKENS });

const rounds: { ours: Measured; theirs: Measured; ourQueries: Measured; theirQueries: Measured }[] = [];
for (let round = 0; round <= Number(options.rounds); round++) {
  const ours = await measureOurs(documents, false);
  const theirs = await measureTheirs(peer, documents, false);
  const ourQueries = await measureOurs(queries, true);
  const theirQueries = await measureTheirs(peer, queries, true);
  if (round > 0) rounds.push({ ours, theirs, ourQueries, theirQueries });
}
report();
peer.stdin!.end();
await once(peer, 'exit');
await encoder[Symbol.asyncDispose]();

async function measureOurs(texts: readonly string[], each: boolean): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const times: number[] = [];
  if (each) {
    for (const text of texts) {
      const begun = performance.now();
      await encoder.encode([text], { as: 'query' });
      times.push(performance.now() - begun);
    }
  } else for await (const _ of encoder.encodeStream(texts));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpu: (user + system) / 1e6, times, peak_mb: process.resourceUsage().maxRSS / 1024 };
}

async function measureTheirs(process: ChildProcess, texts: readonly string[], each: boolean): Promise<Measured> {
  process.stdin!.write(`${JSON.stringify({ texts, each, batch: Number(options.batch) })}\n`);
  return JSON.parse((await answers.next()).value) as Measured;
}

function report(): void {
  const perSecond = (pick: (round: (typeof rounds)[number]) => Measured) =>
    quantile(
      rounds.map((round) => documents.length / pick(round).seconds),
      0.5,
    ).toFixed(1);
  const cpuPerDocument = (pick: (round: (typeof rounds)[number]) => Measured) =>
    quantile(
      rounds.map((round) => (1000 * pick(round).cpu) / documents.length),
      0.5,
    ).toFixed(1);
  const latency = (pick: (round: (typeof rounds)[number]) => Measured) => {
    const times = rounds.flatMap((round) => pick(round).times);
    return `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.95).toFixed(2)}`;
  };
  const row = (...cells: string[]) => console.log(cells.map((cell, i) => cell.padEnd(i === 0 ? 26 : 20)).join(''));
  row('', 'documents/s', 'CPU ms/document', 'query p50/p95 ms', 'peak MB');
  const peak = (pick: (round: (typeof rounds)[number]) => Measured) =>
    Math.max(...rounds.map((round) => pick(round).peak_mb)).toFixed(0);
  row(
    'termweave',
    perSecond((r) => r.ours),
    cpuPerDocument((r) => r.ours),
    latency((r) => r.ourQueries),
    peak((r) => r.ourQueries),
  );
  row(
    `sentence-transformers @${options.batch}`,
    perSecond((r) => r.theirs),
    cpuPerDocument((r) => r.theirs),
    latency((r) => r.theirQueries),
    peak((r) => r.theirQueries),
  );
  const wall = quantile(
    rounds.map(({ ours, theirs }) => theirs.seconds / ours.seconds),
    0.5,
  );
  const cpu = quantile(
    rounds.map(({ ours, theirs }) => theirs.cpu / ours.cpu),
    0.5,
  );
  figure('documents/s, times sentence-transformers', wall, 'x', 'more');
  figure('documents per CPU second, times sentence-transformers', cpu, 'x', 'more');
  figure(
    'query p50, sentence-transformers over ours',
    queryTimes('theirQueries') / queryTimes('ourQueries'),
    'x',
    'more',
  );
  figure('peak memory', Math.max(...rounds.map((round) => round.ourQueries.peak_mb)), 'MB', 'less');
  console.log(
    `times as fast: ${wall.toFixed(2)} (wall), ${cpu.toFixed(2)} (CPU); ${documents.length} documents, ${rounds.length} rounds, ${threads} threads`,
  );
}

function queryTimes(whose: 'ourQueries' | 'theirQueries'): number {
  return quantile(
    rounds.flatMap((round) => round[whose].times),
    0.5,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function textsOf(file: string, count: number): string[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean);
  return lines.slice(0, count).map((line) => {
    const { title, text } = JSON.parse(line) as { title?: string; text: string };
    return title ? `${title} ${text}` : text;
  });
}
