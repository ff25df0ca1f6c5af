/**
 * How much of the encoder's own rate is left when an index is reindexed, and does memory stay flat?
 *
 * The same passages, the same encoder: first encoded alone, then reindexed from an index into a copy with vectors, rounds interleaved. The ratio is
 * the median of the rounds' own ratios. Resident memory of this process (encoder threads included) is taken every half second; the mean of
 * the first tenth of the samples stands beside that of the last.
 *
 *   npm run build && node bench/run.mjs reindex --url http://127.0.0.1:9200 --texts rfc-passages.jsonl.gz
 *     [--documents 3000] [--rounds 3] [--threads 2] [--alone-every 1] [--cold]
 *
 * Traps: the engine here runs on the same cores as the encoder, which it does not in production: what it takes is counted against reindex,
 * so `--threads` below the number of cores is nearer to the truth. The final check (refresh, verification) belongs to reindex and is in its time.
 * The first round warms up and is not counted, unless `--cold`. Of many documents, one in `--alone-every` may be encoded alone, before and after each reindex.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Encoder } from '../src/encoder/encoder.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import type { Engine } from '../src/engine/engine.js';
import { reindex } from '../src/ingest/reindex/reindex.js';
import { figure } from './figures.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.TERMWEAVE_URL },
    texts: { type: 'string' },
    documents: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    'alone-every': { type: 'string', default: '1' },
    cold: { type: 'boolean', default: false },
  },
});
const HALF_SECOND = 500;
const BATCH = 500;

const texts = await firstTexts(options.texts!, Number(options.documents));
const every = Number(options['alone-every']);
const sample = texts.filter((_, i) => i % every === 0);
await using engine = await connect(options.url!);
await using encoder = await loadEncoder(undefined, {
  home: process.env.TERMWEAVE_HOME,
  workers: Number(options.threads),
});
const source = `bench-${process.pid}`;
await fill(engine, source);
const rounds = [];
for (let round = options.cold ? 1 : 0; round <= Number(options.rounds); round++) {
  const before = await rateOf(sample.length, () => encodeAlone(encoder));
  const whole = await rateOf(texts.length, () => reindexOnce(engine, encoder, `${source}-${round}`));
  const after = every === 1 ? before : await rateOf(sample.length, () => encodeAlone(encoder));
  const alone = (before + after) / 2;
  console.log(
    `${round === 0 ? 'warm-up' : `round ${round}`}: alone ${alone.toFixed(1)}/s, reindex ${whole.toFixed(1)}/s, ratio ${(whole / alone).toFixed(3)}`,
  );
  if (round > 0) rounds.push({ alone, whole });
}
const ratio = median(rounds.map(({ alone, whole }) => whole / alone));
figure("reindex, share of the encoder's rate", ratio, 'x', 'more');
console.log(`median ratio ${ratio.toFixed(3)} over ${rounds.length} rounds of ${texts.length} documents`);
await engine.deleteIndex(source);

async function rateOf(documents: number, run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return (1000 * documents) / (performance.now() - began);
}

async function encodeAlone(by: Encoder): Promise<void> {
  let entries = 0;
  for await (const { vector } of by.encodeStream(sample)) entries += vector.size;
  if (entries === 0) throw new Error('nothing was encoded');
}

async function reindexOnce(on: Engine, by: Encoder, to: string): Promise<void> {
  const resident: number[] = [];
  const timer = setInterval(() => resident.push(process.memoryUsage.rss() / 1e6), HALF_SECOND);
  for await (const report of reindex(on, source, { to, encoder: by, textFields: ['text'] })) {
    if (report.done && report.documents !== texts.length) throw new Error(`${report.documents} documents`);
  }
  clearInterval(timer);
  const tenth = Math.max(1, Math.floor(resident.length / 10));
  const mean = (some: number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  console.log(
    `  resident: first tenth ${mean(resident.slice(0, tenth)).toFixed(0)} MB, last ${mean(resident.slice(-tenth)).toFixed(0)} MB`,
  );
  await on.deleteIndex(to);
}

async function fill(on: Engine, index: string): Promise<void> {
  await on.createIndex(index, {
    settings: { index: { number_of_replicas: 0 } },
    mappings: { properties: { text: { type: 'text' } } },
  });
  for (let start = 0; start < texts.length; start += BATCH) {
    const writes = texts
      .slice(start, start + BATCH)
      .map((text, i) => ({ kind: 'index', id: `d${start + i}`, source: { text } }) as const);
    await on.bulk(index, writes);
  }
  await on.refresh(index);
}

async function firstTexts(file: string, count: number): Promise<string[]> {
  const read: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    read.push(JSON.parse(line).text);
    if (read.length === count) break;
  }
  return read;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
