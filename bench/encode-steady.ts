/**
 * Does memory grow over 100,000 texts, how long is the caller's event loop ever held, and how soon is a stream over when it is aborted?
 *
 * One encoder, one stream of real passages, which begin anew where they are fewer; every vector is thrown away. For each tenth: texts/s, resident
 * memory of the process (encoding threads included) and the longest time that the event loop was held. Then another stream is aborted at full
 * load, several times: milliseconds from the abort to the end of the stream.
 *
 *   npm run build && node bench/run.mjs encode-steady --texts corpus.jsonl.gz [--count 100000] [--threads 2] [--max-tokens 256] [--aborts 20]
 *
 * Traps: a stall is measured against a timer of 1 ms, so that what the machine does beside it is counted, too; compiling and loading are before the first tenth.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { percentile } from '../src/evaluate/percentile.js';
import { figure } from './figures.js';
import { textsOf } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string' },
    count: { type: 'string', default: '100000' },
    threads: { type: 'string', default: '2' },
    'max-tokens': { type: 'string', default: '256' },
    aborts: { type: 'string', default: '20' },
  },
});
const TENTHS = 10;
const MOST_TEXTS = 20_000;
/** An abort comes so long after its stream has begun, at most. */
const LONGEST_BEFORE_ABORT_MS = 1000;
const NANOSECONDS_PER_MS = 1e6;

const passages = await firstTexts(MOST_TEXTS);
await using encoder = await loadEncoder(undefined, {
  home: process.env.TERMWEAVE_HOME,
  workers: Number(options.threads),
  maxTokens: Number(options['max-tokens']),
});
await encoder.encode(passages.slice(0, 64));

const perTenth = Math.ceil(Number(options.count) / TENTHS);
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
const tenths: { 'texts/s': number; 'resident MB': number; 'longest stall ms': number }[] = [];
let [began, encoded] = [performance.now(), 0];
for await (const _vector of encoder.encodeStream(forever(perTenth * TENTHS))) {
  if (++encoded % perTenth !== 0) continue;
  tenths.push({
    'texts/s': Math.round((1000 * perTenth) / (performance.now() - began)),
    'resident MB': Math.round(process.memoryUsage.rss() / 1e6),
    'longest stall ms': Number((loop.max / NANOSECONDS_PER_MS).toFixed(1)),
  });
  loop.reset();
  began = performance.now();
}
console.table(tenths);
figure('longest stall while encoding', Math.max(...tenths.map((tenth) => tenth['longest stall ms'])), 'ms', 'less');

const waits: number[] = [];
for (let i = 0; i < Number(options.aborts); i++) waits.push(await aborted());
console.log(
  JSON.stringify({
    aborts: waits.length,
    p50: percentile(waits, 0.5),
    p95: percentile(waits, 0.95),
    most: Math.max(...waits),
  }),
);

/** Milliseconds from an abort to the end of its stream. */
async function aborted(): Promise<number> {
  const leaving = new AbortController();
  let at = 0;
  void sleep(Math.random() * LONGEST_BEFORE_ABORT_MS).then(() => {
    at = performance.now();
    leaving.abort();
  });
  try {
    for await (const _vector of encoder.encodeStream(forever(Number.POSITIVE_INFINITY), { signal: leaving.signal })) {
      // Thrown away.
    }
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  }
  return Number((performance.now() - at).toFixed(1));
}

function* forever(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield passages[i % passages.length]!;
}

async function firstTexts(most: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of textsOf(options.texts!)) {
    texts.push(text);
    if (texts.length === most) break;
  }
  return texts;
}
