/**
 * How do search latency and index size grow with the number of documents, on one engine?
 *
 * One index that is grown: 1,000, then 10,000, … documents; after each step a forced merge (where there is an engine to ask), some rounds to warm up, then every query
 * once per system, one at a time. Vectors are drawn from real ones (splade-tiny, texts cut at 256 tokens), each weight times a factor of its
 * document between 0.8 and 1.25, so that scores do not tie: encoding a million texts would take hours. No text is stored, so bytes are those of
 * vectors, ids and `_source`. The exponent is the slope of log(value) over log(documents) by least squares.
 *
 *   npm run build && node bench/run.mjs growth --texts corpus.jsonl.gz --queries queries.jsonl --url http://localhost:9200
 *     [--sizes 1000,10000,100000] [--most-queries 100] [--systems "splade,splade+prune(topK 8),two-phase"] [--cache FOLDER]
 *
 * Traps: lengths of posting lists grow as those of the drawn collection; the engine's query cache is passed by, its page cache is not.
 */
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { dialectForNewField } from '../src/dialect/choose-dialect.js';
import { storedFeatures } from '../src/dialect/stored-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import type { Write } from '../src/engine/engine.js';
import { EngineRefused } from '../src/engine/engine-faults.js';
import { percentile } from '../src/evaluate/percentile.js';
import { randomBits } from '../src/evaluate/significance/random-bits.js';
import { parseSystems } from '../src/evaluate/systems/parse-system.js';
import { runSystem } from '../src/evaluate/systems/run-system.js';
import { storeBytes } from '../src/evaluate/tuning/store-bytes.js';
import { mappingFor } from '../src/mapping/index-body.js';
import { SparseVector } from '../src/sparse/sparse-vector.js';
import { CACHE, startsOf, type Vectors, vectorsOf } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string' },
    queries: { type: 'string' },
    url: { type: 'string', default: 'memory:' },
    sizes: { type: 'string', default: '1000,10000,100000' },
    'most-queries': { type: 'string', default: '100' },
    systems: { type: 'string', default: 'splade,splade+prune(topK 8),two-phase' },
    cache: { type: 'string', default: CACHE },
  },
});
const FIELD = 'splade';
const BATCH = 500;
/** The engine writes while the next documents are drawn. */
const BULKS_AT_ONCE = 3;
const TOP = 10;
/** A server that has just begun compiles what it does often: its first thousand queries take twice as long. */
const WARM_UP_ROUNDS = 5;

const encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
const { vocabulary, identity } = encoder;
await encoder[Symbol.asyncDispose]();
const documents = await vectorsOf(options.texts!.split(','), 'document', options.cache);
const queries = await vectorsOf(options.queries!.split(','), 'query', options.cache);
const starts = { documents: startsOf(documents), queries: startsOf(queries) };

await using engine = await connect(options.url);
const dialect = dialectForNewField(engine.version);
const index = `growth-${process.pid}`;
const vectors = { [FIELD]: { from: ['text'], pruning: 'none' } };
const plan = {
  format: 1 as const,
  model: identity,
  vocabulary: vocabulary.fingerprint,
  dialect: dialect.name,
  vectors,
};
const settings = { 'index.number_of_shards': 1, 'index.number_of_replicas': 0, 'index.refresh_interval': '-1' };
await engine.createIndex(index, { ...mappingFor({ dialect, plan, settings }) });
const searched = { engine, index, dialect, field: FIELD, textFields: ['text'] };
const systems = parseSystems(options.systems);
const asked = Math.min(queries.sizes.length, Number(options['most-queries']));
const topics = Array.from({ length: asked }, (_, i) => ({
  id: String(i),
  text: '',
  vector: vectorAt(queries, starts.queries, i, 1),
}));

const bits = randomBits(1);
const random = () => bits() / 2 ** 32;
const points: { documents: number; bytes?: number; p50: Record<string, number>; p95: Record<string, number> }[] = [];
let there = 0;
for (const size of options.sizes.split(',').map(Number)) {
  await grow(size);
  await merged();
  const latencies = new Map<string, readonly number[]>();
  for (const [, system] of systems) {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await runSystem(system, searched, topics, { size: TOP });
  }
  for (const [name, system] of systems) {
    latencies.set(name, (await runSystem(system, searched, topics, { size: TOP })).latencies);
  }
  const quantiles = (q: number) =>
    Object.fromEntries([...latencies].map(([name, all]) => [name, Number(percentile(all, q).toFixed(3))]));
  points.push({ documents: size, bytes: await storeBytes(searched), p50: quantiles(0.5), p95: quantiles(0.95) });
  console.log(JSON.stringify({ engine: engine.version.text, ...points.at(-1) }));
}
const exponents = Object.fromEntries([...systems.keys()].map((name) => [name, slope(({ p50 }) => p50[name])]));
console.log(
  JSON.stringify({ engine: engine.version.text, exponent: { ...exponents, bytes: slope(({ bytes }) => bytes) } }),
);
await engine.deleteIndex(index);

async function grow(size: number): Promise<void> {
  const send = async (writes: Write[]) => {
    for (const outcome of await engine.bulk(index, writes)) if (!outcome.ok) throw new Error(outcome.reason);
  };
  await pMap(batches(size), send, { concurrency: BULKS_AT_ONCE });
  await engine.refresh(index);
}

function* batches(size: number): Generator<Write[]> {
  for (; there < size; there += BATCH) {
    yield Array.from({ length: Math.min(BATCH, size - there) }, (_, i) => {
      const drawn = Math.floor(random() * documents.sizes.length);
      const vector = vectorAt(documents, starts.documents, drawn, 0.8 + 0.45 * random());
      return { kind: 'index' as const, id: String(there + i), source: { [FIELD]: storedFeatures(vector, dialect) } };
    });
  }
}

async function merged(): Promise<void> {
  const request = { method: 'POST', path: `/${index}/_forcemerge`, query: { max_num_segments: '1' } } as const;
  try {
    await engine.request({ ...request, timeoutMs: 1_800_000 });
    // Until then searches read the segments of before, which are kept and counted for them.
    await engine.refresh(index);
  } catch (thrown) {
    // The memory engine has nothing to merge.
    if (!(thrown instanceof EngineRefused)) throw thrown;
  }
}

function vectorAt({ ids, weights }: Vectors, at: Uint32Array, i: number, factor: number): SparseVector {
  const entries = weights.slice(at[i], at[i + 1]).map((weight) => weight * factor);
  return new SparseVector(vocabulary, ids.slice(at[i], at[i + 1]), entries);
}

/** Least squares of log(value) over log(documents); `undefined` where a value is not known. */
function slope(of: (point: (typeof points)[number]) => number | undefined): number | undefined {
  const pairs = points.map((point) => [Math.log(point.documents), Math.log(of(point) ?? Number.NaN)] as const);
  const [meanX, meanY] = [0, 1].map((axis) => pairs.reduce((sum, pair) => sum + pair[axis]!, 0) / pairs.length);
  const over = pairs.reduce((sum, [x, y]) => sum + (x - meanX!) * (y - meanY!), 0);
  const under = pairs.reduce((sum, [x]) => sum + (x - meanX!) ** 2, 0);
  return Number.isFinite(over / under) ? Number((over / under).toFixed(2)) : undefined;
}
