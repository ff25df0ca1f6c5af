/**
 * How long does a search page's body take to be translated with its text still to be encoded, beside sentence-transformers' encoding of the text alone?
 *
 * Same weights (splade-tiny), the same questions one at a time, the same number of threads, rounds of questions interleaved. p50 and p95 in milliseconds over
 * all rounds but the first, and the ratio of the p50s. Every question is new to the translation: nothing is remembered.
 *
 *   npm run build && node bench/run.mjs translate-encoded --python venv/bin/python --queries queries.jsonl [--rounds 5] [--threads 2]
 *
 * Traps: other work on the machine hits both, so the ratio is meant and not the rate.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { percentile } from '../src/evaluate/percentile.js';
import { planFor } from '../src/mapping/vector-plan.js';
import { resolveModel } from '../src/model/resolve-model.js';
import { textsIn, translate } from '../src/query/translation/translate.js';
import { figure } from './figures.js';
import { textsOf } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    queries: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
});
const QUESTIONS = 100;
const MAX_TOKENS = 256;

const { folder } = await resolveModel('splade-tiny');
const script = new URL('encode_peers.py', import.meta.url).pathname;
const peer = spawn(options.python, [script, 'sentence-transformers', folder, '', options.threads, `${MAX_TOKENS}`], {
  stdio: ['pipe', 'pipe', 'ignore'],
});
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const encoder = await loadEncoder('splade-tiny', { workers: Number(options.threads), maxTokens: MAX_TOKENS });
const vectors = { splade: { from: ['title', 'body'], pruning: 'none' } };
const plan = planFor({ model: encoder.identity, vocabulary: encoder.vocabulary, dialect: rankFeatures, vectors });

const questions: string[] = [];
for await (const text of textsOf(options.queries!)) if (questions.push(text) === QUESTIONS) break;
const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round <= Number(options.rounds); round++) {
  const [mine, peers] = [await translated(), await encodedByPeer()];
  if (round > 0) {
    ours.push(...mine);
    theirs.push(...peers);
  }
}
peer.stdin.end();
await once(peer, 'exit');
await encoder[Symbol.asyncDispose]();
report('encode and translate', ours);
report('sentence-transformers, encode', theirs);
const ratio = percentile(ours, 0.5) / percentile(theirs, 0.5);
figure("encode and translate, over sentence-transformers' encode alone, p50", ratio, 'x', 'less');
console.log(`ratio of p50s ${ratio.toFixed(3)}`);

async function translated(): Promise<number[]> {
  const times: number[] = [];
  for (const text of questions) {
    const body = pageOf(text);
    const began = performance.now();
    const texts = textsIn(body, { plan });
    const encoded = await encoder.encode(texts, { as: 'query' });
    translate(body, { plan, dialect: rankFeatures }, new Map(texts.map((one, i) => [one, encoded[i]!.vector])));
    times.push(performance.now() - began);
  }
  return times;
}

async function encodedByPeer(): Promise<readonly number[]> {
  peer.stdin.write(`${JSON.stringify({ texts: questions, each: true, batch: 1 })}\n`);
  return JSON.parse((await answers.next()).value).times;
}

function pageOf(text: string): unknown {
  return {
    query: {
      bool: {
        must: [{ multi_match: { query: text, fields: ['title^2', 'body'] } }],
        filter: [{ term: { tag: 'red' } }],
      },
    },
    aggs: { tags: { terms: { field: 'tag' } } },
    highlight: { fields: { title: {}, body: {} } },
    size: 10,
  };
}

function report(title: string, times: readonly number[]): void {
  const [p50, p95] = [0.5, 0.95].map((q) => percentile(times, q).toFixed(2));
  console.log(`${title.padEnd(32)} p50 ${p50}  p95 ${p95} ms`);
}
