/**
 * Did a change make anything slower? The project's standing comparison: every benchmark below with small settings, each beside its peer in the same
 * run, one table at the end, with what the last run on the same kind of machine gave. Runs are kept as JSON under bench/history.
 *
 *   npm run build && node bench/run.mjs report --data FOLDER [--python venv/bin/python] [--elasticdump FILE] [--only encode,copy] [--note TEXT]
 *
 * FOLDER holds collections in BEIR's layout: beir/scifact, beir/msmarco-dl-pool and load/rfc-passages.jsonl.gz. PYTHON has sentence-transformers,
 * scipy and splade-index; what lacks its peer is named as not run. Engines are started and ended here. Exit code 1 where a ratio (unit x) is worse
 * than the last by more than a fifth; rates and times are shown but decide nothing, for they move with the machine's other work.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { startSandbox } from '../src/sandbox/start-sandbox.js';
import { FIGURES_FILE, type Figure } from './figures.js';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string' },
    elasticdump: { type: 'string' },
    only: { type: 'string' },
    note: { type: 'string' },
  },
});
const HISTORY = new URL('history/', import.meta.url).pathname;
const WORSE_BY = 0.2;
const data = (path: string) => resolve(options.data!, path);
const passages = data('beir/msmarco-dl-pool/corpus.jsonl.gz');
const questions = data('beir/msmarco-dl-pool/queries.jsonl');
const [abstracts, claims] = [data('beir/scifact/corpus.jsonl.gz'), data('beir/scifact/queries.jsonl')];
const load = data('load/rfc-passages.jsonl.gz');

/** A benchmark, its settings, and what it needs. */
interface Step {
  readonly bench: string;
  /** Stands before the names of its figures. */
  readonly on: string;
  readonly args: readonly string[];
  readonly needs?: 'python' | 'elasticdump';
  readonly engine?: 'opensearch' | 'elasticsearch';
}

const onEngines = (step: Omit<Step, 'engine' | 'on'>): Step[] =>
  (['opensearch', 'elasticsearch'] as const).map((engine) => ({ ...step, engine, on: engine }));
const STEPS: readonly Step[] = [
  ...[
    { on: 'passages', args: ['--texts', passages, '--queries', questions, '--documents', '400'] },
    { on: 'abstracts', args: ['--texts', abstracts, '--queries', claims, '--documents', '150'] },
  ].map(({ on, args }) => ({ bench: 'encode', on, args: [...args, '--rounds', '3'], needs: 'python' as const })),
  { bench: 'translate', on: 'vectors at hand', args: [] },
  { bench: 'translate-encoded', on: 'questions', args: ['--queries', questions], needs: 'python' },
  {
    bench: 'memory-engine',
    on: 'abstracts',
    args: ['--texts', abstracts, '--queries', questions, '--documents', '50000', '--rounds', '2'],
    needs: 'python',
  },
  { bench: 'gateway', on: 'stand-in engine', args: ['--requests', '1000', '--bulk-megabytes', '100'] },
  ...onEngines({
    bench: 'search-latency',
    args: ['--texts', passages, '--queries', claims, '--documents', '8000', '--most-queries', '200'],
  }),
  ...onEngines({ bench: 'reindex', args: ['--texts', load, '--documents', '1000', '--rounds', '2'] }),
  ...onEngines({ bench: 'copy', args: ['--texts', load, '--documents', '10000'], needs: 'elasticdump' }),
];

interface Run {
  readonly at: string;
  readonly commit: string;
  readonly note?: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly gigabytes: number; readonly node: string };
  /** `encode, passages: times as fast as sentence-transformers` and the like. */
  readonly figures: readonly Figure[];
  readonly notRun: readonly string[];
}

const scratch = mkdtempSync(join(tmpdir(), 'termweave-report-'));
const run = await measure();
const worse = show(run, earlierOn(run.machine));
keep(run);
rmSync(scratch, { recursive: true });
process.exitCode = worse > 0 ? 1 : 0;

async function measure(): Promise<Run> {
  const wanted = options.only?.split(',');
  const steps = STEPS.filter(({ bench }) => wanted?.includes(bench) ?? true);
  const figures: Figure[] = [];
  const notRun: string[] = [];
  for (const engine of [undefined, 'opensearch', 'elasticsearch'] as const) {
    const here = steps.filter((step) => step.engine === engine);
    if (here.length === 0) continue;
    await using sandbox =
      engine && (await startSandbox({ engine, version: engine === 'elasticsearch' ? '7.17.29' : undefined }));
    for (const step of here) {
      const outcome = measureOne(step, sandbox?.url);
      if (typeof outcome === 'string') notRun.push(`${step.bench}, ${step.on}: ${outcome}`);
      else figures.push(...outcome);
    }
  }
  return { at: new Date().toISOString(), commit: commit(), note: options.note, machine: machine(), figures, notRun };
}

/** Its figures, or why there are none. */
function measureOne({ bench, on, args, needs }: Step, url: string | undefined): Figure[] | string {
  if (needs && !options[needs]) return `--${needs} was not given`;
  console.error(`\n${bench}, ${on}`);
  const file = join(scratch, 'figures.jsonl');
  writeFileSync(file, '');
  const more = [...(needs ? [`--${needs}`, options[needs]!] : []), ...(url ? ['--url', url] : [])];
  const { status } = spawnSync(process.execPath, ['bench/run.mjs', bench, ...args, ...more], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, [FIGURES_FILE]: file },
  });
  if (status !== 0) return `ended with code ${status}`;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const found = JSON.parse(line) as Figure;
    return { ...found, name: `${bench}, ${on}: ${found.name}` };
  });
}

/** Prints the table; how many ratios are worse than the last time by more than {@link WORSE_BY}. */
function show({ figures, notRun }: Run, earlier: ReadonlyMap<string, number>): number {
  const table = new Table({ head: ['figure', 'now', 'last', ''], style: { head: [], border: [] } });
  const rows = figures.map((now) => ({ now, old: earlier.get(now.name) }));
  for (const { now, old } of rows) {
    const { name, value, unit } = now;
    if (old === undefined) table.push([name, `${value} ${unit}`, '', 'new']);
    else {
      const change = `${(100 * (value / old - 1)).toFixed(0)} %`;
      table.push([name, `${value} ${unit}`, `${old} ${unit}`, isWorse(now, old) ? `${change} WORSE` : change]);
    }
  }
  console.log(table.toString());
  for (const missing of notRun) console.log(`NOT RUN: ${missing}`);
  const worseRatios = rows.filter(({ now, old }) => old !== undefined && isWorse(now, old)).length;
  console.log(earlier.size > 0 ? `${worseRatios} ratios worse` : 'the first run on such a machine');
  return worseRatios;
}

function isWorse({ value, unit, better }: Figure, old: number): boolean {
  const change = value / old - 1;
  return unit === 'x' && (better === 'more' ? -change : change) > WORSE_BY;
}

/** The last value of each figure, by name, over the runs on such a machine. */
function earlierOn(now: Run['machine']): ReadonlyMap<string, number> {
  if (!existsSync(HISTORY)) return new Map();
  const runs = readdirSync(HISTORY)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(HISTORY, file), 'utf8')) as Run);
  const alike = runs.filter(({ machine: { cpu, cores } }) => cpu === now.cpu && cores === now.cores);
  return new Map(alike.flatMap(({ figures }) => figures.map(({ name, value }) => [name, value] as const)));
}

function keep(kept: Run): void {
  mkdirSync(HISTORY, { recursive: true });
  const name = `${kept.at.slice(0, 16).replace(':', '')}-${kept.commit}.json`;
  writeFileSync(join(HISTORY, name), `${JSON.stringify(kept, undefined, 2)}\n`);
}

function commit(): string {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--exclude=*'], { encoding: 'utf8' });
  return stdout.trim() || 'unknown';
}

function machine(): Run['machine'] {
  const all = cpus();
  return {
    cpu: all[0]!.model.trim(),
    cores: all.length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
