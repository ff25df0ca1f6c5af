/**
 * How quick is the copying part of reindex, without encoding, beside the engine's own `_reindex` and beside elasticdump?
 *
 * One index, copied by each in turn, rounds interleaved; each writes into a new index with the same mapping and is timed to the end of its
 * own work and a refresh; ours also to the refresh after its last write alone, since the others check nothing. Our encoder gives each document the same
 * vector of one entry, so that reading, hashing, looking up what the copy has, writing and the final check are timed (without any entry, the check would look
 * through the whole copy for a vector to compare). One untimed copy by each comes first, for the compilers of both runtimes; medians over the rounds after it.
 *
 *   npm run build && node bench/run.mjs copy --url http://127.0.0.1:9200 --texts rfc-passages.jsonl.gz --elasticdump node_modules/.bin/elasticdump
 *     [--documents 30000] [--rounds 3]
 *
 * Traps: `_reindex` runs inside the engine and sends nothing over the wire; it is the bound, not a peer. elasticdump starts a process of its own,
 * which is in its time (about half a second, so many documents are asked); 1000 documents a request is its quickest here.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Encoder } from '../src/encoder/encoder.js';
import { connect } from '../src/engine/connect.js';
import { reindex } from '../src/ingest/reindex/reindex.js';
import { SparseVector } from '../src/sparse/sparse-vector.js';
import { Vocabulary } from '../src/sparse/vocabulary.js';
import { figure } from './figures.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.TERMWEAVE_URL },
    texts: { type: 'string' },
    elasticdump: { type: 'string', default: 'elasticdump' },
    documents: { type: 'string', default: '30000' },
    rounds: { type: 'string', default: '3' },
  },
});
const BATCH = 500;
const url = options.url!;
const documents = Number(options.documents);
await using engine = await connect(url);
const body = { settings: { index: { number_of_replicas: 0 } }, mappings: { properties: { text: { type: 'text' } } } };
const source = `bench-copy-${process.pid}`;
await fill();
const seconds: Record<string, number[]> = {
  termweave: [],
  'termweave, the copying alone': [],
  _reindex: [],
  elasticdump: [],
};
for (let round = 0; round <= Number(options.rounds); round++) {
  for (const [name, copy] of Object.entries({ termweave, _reindex: ownReindex, elasticdump })) {
    const to = `${source}-${name.replace('_', '')}-${round}`;
    const began = performance.now();
    const copied = await copy(to);
    await engine.refresh(to);
    if (round > 0) seconds[name]!.push((performance.now() - began) / 1000);
    if (round > 0 && copied !== undefined) seconds['termweave, the copying alone']!.push((copied - began) / 1000);
    const count = await engine.count(to);
    if (count !== documents) throw new Error(`${name} copied ${count} of ${documents} documents`);
    await engine.deleteIndex(to);
  }
}
const medianOf = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1]!;
for (const peer of ['elasticdump', '_reindex']) {
  const times = medianOf(seconds[peer]!);
  figure(`copying, ${peer}'s time over ours`, times / medianOf(seconds['termweave, the copying alone']!), 'x', 'more');
  figure(`copying and checking, ${peer}'s time over ours`, times / medianOf(seconds.termweave!), 'x', 'more');
}
for (const [name, all] of Object.entries(seconds)) {
  const middle = medianOf(all);
  console.log(
    `${name}: ${middle.toFixed(2)} s, ${(documents / middle).toFixed(0)} documents/s (${all.map((one) => one.toFixed(2)).join(', ')})`,
  );
}
await engine.deleteIndex(source);

/** When all was written and refreshed: what comes after that is the check. */
async function termweave(to: string): Promise<number> {
  let [isWritten, copied] = [false, 0];
  const refresh = engine.refresh.bind(engine);
  engine.refresh = async (index, asked) => {
    await refresh(index, asked);
    if (isWritten && copied === 0) copied = performance.now();
  };
  for await (const step of reindex(engine, source, { to, encoder: encodesAlike(), textFields: ['text'] }))
    if (!step.done) isWritten = step.indexed === documents;
  engine.refresh = refresh;
  return copied;
}

async function ownReindex(to: string): Promise<undefined> {
  await engine.createIndex(to, body);
  const asked = { source: { index: source, size: 1000 }, dest: { index: to } };
  await engine.request({ method: 'POST', path: '/_reindex', body: asked, timeoutMs: 600_000 });
}

async function elasticdump(to: string): Promise<undefined> {
  await engine.createIndex(to, body);
  const args = [`--input=${url}/${source}`, `--output=${url}/${to}`, '--type=data', '--limit=1000', '--quiet'];
  const { status, stderr } = spawnSync(options.elasticdump!, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function encodesAlike(): Encoder {
  const vocabulary = new Vocabulary(['same']);
  const encoded = { vector: SparseVector.fromTerms(vocabulary, { same: 1 }), tokens: 1, truncated: false };
  return {
    vocabulary,
    identity: {
      id: 'same',
      weights: 'same',
      configuration: '0',
      pooling: 'max',
      precision: 'float32',
      maxTokens: 256,
      compiler: 1,
      device: 'cpu',
    },
    encode: async (texts) => texts.map(() => encoded),
    async *encodeStream(texts) {
      for await (const _ of texts) yield encoded;
    },
    wordsBehind: async () => [],
    tokenize: async () => [],
    [Symbol.asyncDispose]: async () => {},
  };
}

async function fill(): Promise<void> {
  await engine.createIndex(source, body);
  let batch: string[] = [];
  let written = 0;
  const flush = async () => {
    await engine.bulk(
      source,
      batch.map((text, i) => ({ kind: 'index', id: `d${written + i}`, source: { text } })),
    );
    written += batch.length;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(options.texts!).pipe(createGunzip()) })) {
    if (batch.push(JSON.parse(line).text) === BATCH) await flush();
    if (written + batch.length >= documents) break;
  }
  await flush();
  await engine.refresh(source);
}
