/**
 * How many documents a second, how quick is a query, how much memory, beside every other encoder that takes the same weights?
 *
 * Same weights (splade-tiny unless another --model is named), same texts, same cut (256 tokens), the same number of threads, each system in a process of its own, rounds
 * interleaved. Medians over the rounds; a ratio is the median of the rounds' own ratios to sentence-transformers. Queries go one at a time. Every
 * peer has the batch that it is quickest with, of 1, 8 and 32, tried before the rounds on the first documents.
 *
 *   npm run build && node bench/run.mjs encode --python venv/bin/python --texts corpus.jsonl.gz --queries queries.jsonl
 *     [--modules FOLDER] [--exported FOLDER] [--peers termweave-float32,sentence-transformers] [--documents 200] [--queries-asked 100]
 *     [--rounds 5] [--threads 2] [--model NAME_OR_FOLDER]
 *
 * Another model (a folder of the size that is asked about; weights may be random) needs a folder of its own for --exported.
 *
 * The venv: pip install torch sentence-transformers==5.* tokenizers onnx onnxruntime fastembed. FOLDER of --modules: npm install
 * @huggingface/transformers fastembed@2.1; without it the two peers on Node are not run. The peers without torch take an ONNX file that is exported
 * by torch.onnx, once, to the folder of --exported.
 *
 * Traps: other work on the machine hits all, so the ratio is meant and not the rate; CPU seconds are given beside wall seconds for that reason. What
 * the process of a peer says of its own CPU leaves out threads of a runtime that has them counted elsewhere: none of these does. Peak memory is of the
 * whole process with its runtime, and grows with the batch. npm's fastembed pads every text to the cut, which is its own doing, and has no setting for
 * threads: it has one for each core. `weights` is the sum of all weights beside termweave's float32 of the same texts: 1 where a peer computes the same.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { resolveModel } from '../src/model/resolve-model.js';
import { figure } from './figures.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    modules: { type: 'string' },
    exported: { type: 'string', default: join(tmpdir(), 'termweave-bench-export') },
    peers: { type: 'string', default: 'termweave-float32,sentence-transformers' },
    texts: { type: 'string' },
    queries: { type: 'string' },
    home: { type: 'string' },
    model: { type: 'string', default: 'splade-tiny' },
    documents: { type: 'string', default: '200' },
    'queries-asked': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
});
const MAX_TOKENS = 256;
const OURS = 'termweave-float32';
const BASE = 'sentence-transformers';
const BATCHES = [1, 8, 32];
const TRIED = 32;

/** A system that encodes: one JSON line in, one out, until its input ends. */
interface Peer {
  readonly name: string;
  readonly program: 'python' | 'node';
  /** Batches to choose from; ours chooses by itself. */
  readonly batches: readonly number[];
  readonly takesExport?: boolean;
}

const PEERS: readonly Peer[] = [
  { name: OURS, program: 'node', batches: [1] },
  { name: 'termweave-int8', program: 'node', batches: [1] },
  { name: BASE, program: 'python', batches: BATCHES },
  { name: 'onnxruntime', program: 'python', batches: BATCHES, takesExport: true },
  { name: 'fastembed', program: 'python', batches: BATCHES, takesExport: true },
  { name: 'transformers-js', program: 'node', batches: BATCHES, takesExport: true },
  { name: 'fastembed-js', program: 'node', batches: [1, 8], takesExport: true },
];

/** What a peer says of a task. */
interface Measured {
  readonly seconds: number;
  readonly cpu: number;
  readonly times: readonly number[];
  readonly peak_mb: number;
  readonly weight: number;
  readonly version: string;
}

interface Task {
  readonly texts: readonly string[];
  readonly each: boolean;
  readonly batch: number;
}

const home = options.home ?? process.env.TERMWEAVE_HOME;
const documents = textsOf(options.texts!, Number(options.documents));
const queries = textsOf(options.queries!, Number(options['queries-asked']));
const { folder } = await resolveModel(options.model, { home });

/** A peer that runs, and what it was measured to do: documents and queries of each round. */
class Runner {
  batch: number;
  readonly documents: Measured[] = [];
  readonly queries: Measured[] = [];
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(readonly peer: Peer) {
    const rest = [peer.name, folder, options.exported, options.threads, `${MAX_TOKENS}`];
    const [program, words] =
      peer.program === 'python'
        ? [options.python, [placeOf('encode_peers.py'), ...rest]]
        : [process.execPath, [placeOf('encode-peer.mjs'), ...rest, options.modules ?? '']];
    this.batch = peer.batches[0]!;
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async measure(task: Omit<Task, 'batch'>, batch = this.batch): Promise<Measured> {
    this.#process.stdin!.write(`${JSON.stringify({ ...task, batch } satisfies Task)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.peer.name} ended without an answer`);
    return JSON.parse(value) as Measured;
  }

  /** Takes the batch that it is quickest with; the first try, which warms up, is not counted. */
  async chooseBatch(): Promise<void> {
    const texts = documents.slice(0, TRIED);
    await this.measure({ texts, each: false });
    let best = Number.POSITIVE_INFINITY;
    for (const batch of this.peer.batches) {
      const { seconds } = await this.measure({ texts, each: false }, batch);
      if (seconds < best) [best, this.batch] = [seconds, batch];
    }
  }

  async round(): Promise<void> {
    this.documents.push(await this.measure({ texts: documents, each: false }));
    this.queries.push(await this.measure({ texts: queries, each: true }));
  }

  async end(): Promise<void> {
    this.#process.stdin!.end();
    await once(this.#process, 'exit');
  }
}

const runners = await startAll();
for (let round = 0; round < Number(options.rounds); round++) for (const runner of runners) await runner.round();
for (const runner of runners) await runner.end();
report();

async function startAll(): Promise<Runner[]> {
  const asked = new Set(options.peers === 'all' ? PEERS.map(({ name }) => name) : options.peers.split(','));
  const peers = PEERS.filter(({ name }) => asked.has(name));
  if (peers.some(({ takesExport }) => takesExport) && !existsSync(join(options.exported, 'model.onnx')))
    await writeExport();
  const started: Runner[] = [];
  for (const peer of peers) {
    if (peer.program === 'node' && peer.takesExport && !options.modules) {
      console.error(`NOT RUN: ${peer.name}: no --modules`);
      continue;
    }
    const runner = new Runner(peer);
    await runner.chooseBatch();
    started.push(runner);
  }
  return started;
}

async function writeExport(): Promise<void> {
  const words = [placeOf('encode_peers.py'), 'export', folder, options.exported, `${MAX_TOKENS}`];
  const [code] = await once(spawn(options.python, words, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  if (code !== 0) throw new Error(`the export ended with code ${code}`);
}

function report(): void {
  const base = runners.find(({ peer }) => peer.name === BASE);
  const ours = runners.find(({ peer }) => peer.name === OURS);
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => cell.padEnd(i === 0 ? 32 : 16)).join(''));
  row(['', 'documents/s', 'CPU ms/doc', 'query p50/p95', 'peak MB', `x ${BASE.slice(0, 12)}`, 'weights']);
  for (const runner of runners) row(cellsOf(runner, base, ours));
  if (ours && base) tellFigures(ours, base);
  console.log(
    `${documents.length} documents, ${queries.length} queries, ${options.rounds} rounds, ${options.threads} threads, cut at ${MAX_TOKENS} tokens`,
  );
}

function cellsOf(runner: Runner, base: Runner | undefined, ours: Runner | undefined): string[] {
  const { peer, batch } = runner;
  const rate = median(runner.documents.map(({ seconds }) => documents.length / seconds));
  const cpu = median(runner.documents.map(({ cpu }) => (1000 * cpu) / documents.length));
  const version = runner.documents[0]!.version;
  return [
    `${peer.name} ${version}${peer.batches.length > 1 ? ` @${batch}` : ''}`,
    rate.toFixed(1),
    cpu.toFixed(1),
    `${queryTime(runner, 0.5).toFixed(2)} / ${queryTime(runner, 0.95).toFixed(2)}`,
    peakOf(runner).toFixed(0),
    base ? timesAsFast(runner, base).toFixed(2) : '',
    ours ? (runner.documents[0]!.weight / ours.documents[0]!.weight).toFixed(5) : '',
  ];
}

/** The names are those of the runs before: `report` compares by them. */
function tellFigures(ours: Runner, base: Runner): void {
  const cpu = median(base.documents.map((theirs, round) => theirs.cpu / ours.documents[round]!.cpu));
  figure('documents/s, times sentence-transformers', timesAsFast(ours, base), 'x', 'more');
  figure('documents per CPU second, times sentence-transformers', cpu, 'x', 'more');
  figure('query p50, sentence-transformers over ours', queryTime(base, 0.5) / queryTime(ours, 0.5), 'x', 'more');
  figure('peak memory', peakOf(ours), 'MB', 'less');
}

function timesAsFast(runner: Runner, base: Runner): number {
  return median(base.documents.map(({ seconds }, round) => seconds / runner.documents[round]!.seconds));
}

function queryTime({ queries }: Runner, share: number): number {
  return quantile(
    queries.flatMap(({ times }) => times),
    share,
  );
}

function peakOf({ documents, queries }: Runner): number {
  return Math.max(...[...documents, ...queries].map(({ peak_mb }) => peak_mb));
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function placeOf(file: string): string {
  return new URL(file, import.meta.url).pathname;
}

function textsOf(file: string, count: number): string[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean);
  return lines.slice(0, count).map((line) => {
    const { title, text } = JSON.parse(line) as { title?: string; text: string };
    return title ? `${title} ${text}` : text;
  });
}
