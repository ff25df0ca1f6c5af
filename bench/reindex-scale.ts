/**
 * Does a document cost the same in a reindex of 1 k, 10 k and 100 k, does memory stay flat, and is the encoder ever left without texts?
 *
 * Short texts (the first words of passages), the real encoder, one index of each size copied once. For each: documents/s; CPU of this process a
 * document, encoder threads included; resident memory, the mean of each tenth of the samples; how busy the main thread was (event loop
 * utilisation); texts that the encoder had been given and not yet answered, and in what share of the samples they were fewer than its threads
 * take at once: then a thread may have been idle.
 *
 *   npm run build && node bench/run.mjs reindex-scale --url http://127.0.0.1:9200 --texts rfc-passages.jsonl.gz
 *     [--sizes 1000,10000,100000] [--words 8] [--threads 2]
 *
 * Traps: short texts make the engine and the main thread work more for each unit of encoding than real ones do: this is the hardest case. The
 * engine runs on the same cores. A first copy of 1000 documents warms up and is not counted. What ends a run (refresh, check) is in its
 * time, and weighs most in the smallest. The samples at the end of a run, when no texts are left, are not counted as idle.
 */
import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Encoder } from '../src/encoder/encoder.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import { reindex } from '../src/ingest/reindex/reindex.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.TERMWEAVE_URL },
    texts: { type: 'string' },
    sizes: { type: 'string', default: '1000,10000,100000' },
    words: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
  },
});
const WARM_UP = 1000;
const BATCH = 1000;
const SAMPLE_MS = 100;
/** Texts that a thread is given at once. */
const TASK = 32;
const threads = Number(options.threads);
const sizes = options.sizes!.split(',').map(Number);

await using engine = await connect(options.url!);
await using encoder = await loadEncoder(undefined, { home: process.env.TERMWEAVE_HOME, workers: threads });
const texts = await firstWords(Math.max(...sizes, WARM_UP));
await measured(WARM_UP);
console.table(await inTurn(sizes, measured));

async function measured(documents: number) {
  const [source, to] = [`bench-scale-${process.pid}-${documents}`, `bench-scale-${process.pid}-${documents}-copy`];
  await fill(source, documents);
  const depth = { given: 0, answered: 0, isOver: false };
  const resident: number[] = [];
  const depths: number[] = [];
  const timer = setInterval(() => {
    resident.push(process.memoryUsage.rss() / 1e6);
    if (depth.given > 0 && !depth.isOver) depths.push(depth.given - depth.answered);
  }, SAMPLE_MS);
  const [began, cpu, loop] = [performance.now(), process.cpuUsage(), performance.eventLoopUtilization()];
  for await (const report of reindex(engine, source, { to, encoder: counting(depth), textFields: ['text'] })) {
    if (report.done && report.documents !== documents) throw new Error(`${report.documents} documents`);
  }
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const busy = performance.eventLoopUtilization(loop).utilization;
  for (const index of [source, to]) await engine.deleteIndex(index);
  return {
    documents,
    'documents/s': Math.round(documents / seconds),
    'CPU ms/document': ((user + system) / 1000 / documents).toFixed(2),
    'MB by tenths of the time': tenthsOf(resident).map(Math.round).join(' '),
    'main thread busy': `${Math.round(100 * busy)} %`,
    'texts ahead, median': [...depths].sort((a, b) => a - b)[depths.length >> 1],
    'too few ahead': `${Math.round((100 * depths.filter((one) => one < threads * TASK).length) / depths.length)} %`,
  };
}

/** The encoder, counting the texts that it was given and those that it has answered. */
function counting(depth: { given: number; answered: number; isOver: boolean }): Encoder {
  async function* given(all: AsyncIterable<string> | Iterable<string>) {
    for await (const text of all) {
      depth.given++;
      yield text;
    }
    depth.isOver = true;
  }
  return {
    ...{ vocabulary: encoder.vocabulary, identity: encoder.identity },
    encode: (some, how) => encoder.encode(some, how),
    async *encodeStream(all, how) {
      for await (const one of encoder.encodeStream(given(all), how)) {
        depth.answered++;
        yield one;
      }
    },
    wordsBehind: (text, ids) => encoder.wordsBehind(text, ids),
    tokenize: (texts) => encoder.tokenize(texts),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function fill(index: string, documents: number): Promise<void> {
  const properties = { text: { type: 'text' } };
  await engine.createIndex(index, { settings: { index: { number_of_replicas: 0 } }, mappings: { properties } });
  for (let start = 0; start < documents; start += BATCH) {
    const some = texts.slice(start, Math.min(start + BATCH, documents));
    await engine.bulk(
      index,
      some.map((text, i) => ({ kind: 'index', id: `d${start + i}`, source: { text } })),
    );
  }
  await engine.refresh(index);
}

async function firstWords(count: number): Promise<string[]> {
  const read: string[] = [];
  for await (const line of createInterface({ input: createReadStream(options.texts!).pipe(createGunzip()) })) {
    read.push(JSON.parse(line).text.split(/\s+/).slice(0, Number(options.words)).join(' '));
    if (read.length === count) return read;
  }
  throw new Error(`${options.texts} has ${read.length} texts where ${count} are needed`);
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

/** The means of ten equal parts of samples; of as many as there are samples where they are fewer. */
function tenthsOf(samples: readonly number[]): number[] {
  const parts = Math.min(10, samples.length);
  const at = (part: number) => Math.floor((part * samples.length) / parts);
  return Array.from({ length: parts }, (_, part) => mean(samples.slice(at(part), at(part + 1))));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
