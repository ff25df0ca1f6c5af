/**
 * How quick is an exact top 10 in the memory engine, and how many bytes is a document, beside scipy and splade-index?
 *
 * The same vectors (splade-tiny, texts cut at 256 tokens, weights rounded to 9 bits as stored), the same queries, one at a time, rounds
 * interleaved in one run; medians over all queries and rounds. scipy: a CSR matrix times the query, then argpartition. splade-index
 * (PyPI): its own index format and top-k, fed with the same matrix. Scores are compared with scipy's.
 *
 *   npm run build && node bench/run.mjs memory-engine --python venv/bin/python --texts corpus.jsonl.gz,more.jsonl.gz --queries queries.jsonl
 *     [--documents 112026] [--most-queries 200] [--rounds 5] [--cache FOLDER]
 *
 * Vectors are encoded once, into the cache (default: bench/ under the model cache), outside the repository. Traps: where --documents asks for
 * more than there are, documents are drawn again, which makes ties but costs a search the same; the peers are given float32 weights and sum
 * in float32, ours sums in float64; queries of another collection than the documents share fewer terms with them.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { MemoryEngine } from '../src/engine/memory/memory-engine.js';
import { figure } from './figures.js';
import { CACHE, firstVectors, startsOf, type Vectors, vectorsOf } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    texts: { type: 'string' },
    queries: { type: 'string' },
    documents: { type: 'string', default: '112026' },
    'most-queries': { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    cache: { type: 'string', default: CACHE },
  },
});
const TOP = 10;
const BATCH = 1000;
const names: string[] = [];

const documents = await vectorsOf(options.texts!.split(','), 'document', options.cache);
const queries = firstVectors(
  await vectorsOf(options.queries!.split(','), 'query', options.cache),
  Number(options['most-queries']),
);
const count = Number(options.documents);
const real = documents.sizes.length;
console.error(`${real} documents encoded, ${count} wanted, ${queries.sizes.length} queries`);

const drawn = drawDocuments(count, real);
const starts = startsOf(documents);
const before = residentBytes();
await using engine = new MemoryEngine();
await engine.createIndex('i', { mappings: { properties: { v: rankFeatures.field } } });
const began = performance.now();
for (let from = 0; from < count; from += BATCH) {
  await engine.bulk(
    'i',
    Array.from(drawn.subarray(from, from + BATCH), (doc, i) => ({
      kind: 'index' as const,
      id: String(from + i),
      source: { v: Object.fromEntries(entriesOf(documents, starts, doc)) },
    })),
  );
}
const bodies = queryBodies();
await engine.search('i', bodies[0]!);
const buildSeconds = (performance.now() - began) / 1000;
const residentAfter = residentBytes();

console.error(`indexed in ${buildSeconds.toFixed(1)} s`);

const peer = startPeer();
const built = JSON.parse(await peer.next()) as Record<string, number>;
const times: Record<string, number[]> = { termweave: [], scipy: [], 'splade-index': [] };
let differing = 0;
for (let round = 0; round <= Number(options.rounds); round++) {
  const ours = [];
  const mine: number[] = [];
  for (const body of bodies) {
    const start = performance.now();
    const { hits } = await engine.search('i', body);
    mine.push(performance.now() - start);
    ours.push(hits.map(({ score }) => score!));
  }
  peer.ask('round');
  const theirs = JSON.parse(await peer.next()) as Record<string, number[]> & { scores: number[][] };
  if (round === 0) differing = compare(ours, theirs.scores);
  else {
    times.termweave!.push(...mine);
    times.scipy!.push(...theirs.scipy!);
    times['splade-index']!.push(...theirs['splade-index']!);
  }
}
peer.end();
const summary = Object.entries(times).map(([name, values]) => [name, { p50: at(values, 0.5), p95: at(values, 0.95) }]);
const middle = (name: string) => at(times[name]!, 0.5);
figure('query p50', middle('termweave'), 'ms', 'less');
for (const peerName of ['scipy', 'splade-index'])
  figure(`query p50, ${peerName} over ours`, middle(peerName) / middle('termweave'), 'x', 'more');
figure('scores that differ from scipy', differing, '', 'less');
console.log(
  JSON.stringify({
    documents: count,
    realDocuments: real,
    entriesADocument: Number((drawn.reduce((sum, doc) => sum + documents.sizes[doc]!, 0) / count).toFixed(1)),
    queries: bodies.length,
    entriesAQuery: Number((queries.ids.length / queries.sizes.length).toFixed(1)),
    milliseconds: Object.fromEntries(summary),
    scoresThatDiffer: differing,
    bytesADocument: {
      termweave: Math.round((residentAfter - before) / count),
      scipy: Math.round(built.scipyBytes! / count),
      'splade-index': Math.round(built.spladeIndexBytes! / count),
    },
    buildSeconds: Number(buildSeconds.toFixed(1)),
  }),
);

/** Resident heap, array buffers included, after a collection where node was started with --expose-gc. */
function residentBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function drawDocuments(wanted: number, there: number): Uint32Array {
  const step = 2_654_435_761;
  return Uint32Array.from({ length: wanted }, (_, i) => (i < there ? i : (i * step) % there));
}

function entriesOf({ ids, weights }: Vectors, offsets: Uint32Array, i: number): [string, number][] {
  const entries: [string, number][] = [];
  for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
    const sent = rankFeatures.sendable(weights[at]!);
    if (sent > 0) entries.push([nameOf(ids[at]!), sent]);
  }
  return entries;
}

/** "t" keeps the runtime from taking the names for array positions. Each is made once: else they would cost most of the building. */
function nameOf(id: number): string {
  names[id] ??= `t${id}`;
  return names[id];
}

function queryBodies() {
  const offsets = startsOf(queries);
  return Array.from(queries.sizes, (size, i) => {
    const features = Array.from({ length: size }, (_, j) => ({
      name: nameOf(queries.ids[offsets[i]! + j]!),
      weight: queries.weights[offsets[i]! + j]!,
    }));
    const query = rankFeatures.query(
      'v',
      features.sort((a, b) => b.weight - a.weight),
    );
    return { query, size: TOP, _source: false, track_total_hits: false };
  });
}

function compare(ours: readonly number[][], theirs: readonly number[][]): number {
  const differs = (a: number, b: number) => Math.abs(a - b) > 1e-5 * Math.abs(b);
  return ours.flatMap((scores, i) => scores.filter((score, j) => differs(score, theirs[i]![j]!))).length;
}

function at(values: readonly number[], q: number): number {
  const rising = [...values].sort((a, b) => a - b);
  return Number(rising[Math.floor(q * (rising.length - 1))]!.toFixed(3));
}

/** The peer gets the same vectors by files, rounded as ours are. */
function startPeer() {
  const folder = join(options.cache, 'peer');
  mkdirSync(folder, { recursive: true });
  const write = (name: string, array: Uint32Array | Float32Array) =>
    writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  write('ids', documents.ids);
  write(
    'weights',
    documents.weights.map((weight) => rankFeatures.sendable(weight)),
  );
  write('sizes', documents.sizes);
  write('drawn', drawn);
  write('query-ids', queries.ids);
  write('query-weights', queries.weights);
  write('query-sizes', queries.sizes);
  const script = new URL('sparse_matrix_peer.py', import.meta.url).pathname;
  const child = spawn(options.python, [script, folder, `${TOP}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: (line: string) => child.stdin.write(`${line}\n`),
    next: async () => String((await lines.next()).value),
    end: () => child.stdin.end(),
  };
}
