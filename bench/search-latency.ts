/**
 * How long does a search take on a real engine, and how near is a shortened one to the full one? BM25, SPLADE with all terms, pruned, as the order of what BM25 found, in two
 * phases with a certificate, as OpenSearch's processor does it (two-phase by rescore, and the processor itself where the engine has neural-search), and
 * pruned by Elasticsearch itself where it can.
 *
 * Passages and questions in files of JSON lines, encoded once by splade-tiny (see vector-cache.ts); one shard, merged to one segment; one client that waits,
 * each query asked by all systems in an order that is drawn for it, so that noise falls on all alike, and none has always the same one before it; the first tenth of the queries warms up. Milliseconds as
 * seen from here, p50 / p95 / p99; overlap@10 with the full search; the share of answers proved exact. `twice` is the full search asked again: its
 * overlap is what ties alone cost.
 *
 *   npm run build && node bench/run.mjs search-latency --url http://127.0.0.1:9200 --texts corpus.jsonl.gz[,more.jsonl.gz]
 *     --queries queries.jsonl[,more.jsonl] [--most-queries 1000] [--documents 112026] [--cache FOLDER]
 *
 * Traps: questions of another collection than the passages share fewer terms with them; two-phase needs two requests and more a search, whose cost on
 * loopback is not that of a network; a machine with other work on it gives ratios, not rates.
 */
import { parseArgs } from 'node:util';
import { dialectForNewField } from '../src/dialect/choose-dialect.js';
import { prunedByElasticsearch } from '../src/dialect/es-sparse-vector.js';
import { osNeuralSparse, twoPhasePipeline } from '../src/dialect/os-neural-sparse.js';
import { storedFeatures } from '../src/dialect/stored-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import { percentile } from '../src/evaluate/percentile.js';
import { randomBits } from '../src/evaluate/significance/random-bits.js';
import { bm25 } from '../src/evaluate/systems/bm25.js';
import { rescored } from '../src/evaluate/systems/rescored.js';
import { searchedIndexOf } from '../src/evaluate/systems/searched-index.js';
import { shuffled } from '../src/evaluate/systems/shuffled.js';
import { splade } from '../src/evaluate/systems/splade.js';
import { twoPhase } from '../src/evaluate/systems/two-phase.js';
import { mappingFor } from '../src/mapping/index-body.js';
import { sparseQuery } from '../src/query/sparse-query.js';
import { SparseIndex } from '../src/retrieve/sparse-index.js';
import { buildCeilings } from '../src/retrieve/two-phase/build-ceilings.js';
import { searchInTwoPhases } from '../src/retrieve/two-phase/search-in-two-phases.js';
import { parsePruning } from '../src/sparse/pruning.js';
import { SparseVector } from '../src/sparse/sparse-vector.js';
import { figure } from './figures.js';
import { CACHE, startsOf, textsOf, type Vectors, vectorsOf } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    texts: { type: 'string' },
    queries: { type: 'string' },
    'most-queries': { type: 'string', default: '1000' },
    documents: { type: 'string', default: '112026' },
    prunings: { type: 'string', default: 'topK(8),topK(16),ratioOfMax(0.2)' },
    cache: { type: 'string', default: CACHE },
  },
});
const FIELD = 'splade';
const TEXT = 'contents';
const BATCH = 500;
const SIZE = 10;
const SEED = 20;

const encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
await using engine = await connect(options.url!);
const dialect = dialectForNewField(engine.version);
const name = `search-latency-${process.pid}`;
const index = await filled();
const plugins = await engine.request({ method: 'GET', path: '/_cat/plugins', query: { format: 'json' } });
/** OpenSearch's own `neural_sparse`, and with it its two-phase processor. */
const hasNeuralSearch = JSON.stringify(plugins).includes('opensearch-neural-search');
const began = performance.now();
const ceilings = await buildCeilings(index, encoder.vocabulary);
console.error(`ceilings of ${ceilings.weights.filter((weight) => weight > 0).length} terms in ${seconds(began)} s`);
await measure();
await engine.deleteIndex(name);
await encoder[Symbol.asyncDispose]();

async function filled(): Promise<SparseIndex> {
  const files = options.texts!.split(',');
  const vectors = await vectorsOf(files, 'document', options.cache, Number(options.documents));
  const plan = {
    format: 1 as const,
    model: encoder.identity,
    vocabulary: encoder.vocabulary.fingerprint,
    dialect: dialect.name,
    vectors: { [FIELD]: { from: [TEXT], pruning: 'none' } },
  };
  const settings = { 'index.number_of_shards': 1, 'index.number_of_replicas': 0, 'index.refresh_interval': '-1' };
  await engine.createIndex(name, { ...mappingFor({ dialect, plan, settings }) });
  const started = performance.now();
  const texts = textsOfAll(files);
  let batch = [];
  let at = 0;
  for (const vector of vectorsAt(vectors)) {
    const { value: text } = await texts.next();
    const source = { [TEXT]: text, [FIELD]: storedFeatures(vector, dialect) };
    batch.push({ kind: 'index' as const, id: String(at++), source });
    if (batch.length < BATCH && at < vectors.sizes.length) continue;
    for (const outcome of await engine.bulk(name, batch)) if (!outcome.ok) throw new Error(outcome.reason);
    batch = [];
  }
  await engine.refresh(name);
  await engine.request({
    method: 'POST',
    path: `/${name}/_forcemerge`,
    query: { max_num_segments: '1' },
    timeoutMs: 600_000,
  });
  console.error(`${at} passages indexed in ${seconds(started)} s on ${engine.version.flavour} ${engine.version.text}`);
  return SparseIndex.open(engine, name);
}

async function* textsOfAll(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) yield* textsOf(file);
}

function* vectorsAt(vectors: Vectors): Generator<SparseVector> {
  const starts = startsOf(vectors);
  for (let i = 0; i < vectors.sizes.length; i++) {
    const [from, to] = [starts[i]!, starts[i + 1]!];
    yield new SparseVector(encoder.vocabulary, vectors.ids.slice(from, to), vectors.weights.slice(from, to));
  }
}

interface Asked {
  readonly ids: readonly string[];
  readonly exact?: boolean;
}

async function measure(): Promise<void> {
  const files = options.queries!.split(',');
  const most = Number(options['most-queries']);
  const vectors = [...vectorsAt(await vectorsOf(files, 'query', options.cache, most))];
  const questions: string[] = [];
  for await (const text of textsOfAll(files)) questions.push(text);
  const systems = systemsOf();
  const bits = randomBits(SEED);
  const seen = new Map(systems.map(([system]) => [system, { times: [] as number[], overlap: 0, exact: 0, asked: 0 }]));
  for (const [i, vector] of vectors.entries()) {
    const answers = new Map<string, Asked>();
    for (const [system, ask] of shuffled(systems, bits)) {
      const started = performance.now();
      answers.set(system, await ask(vector, questions[i]!));
      if (i >= vectors.length / 10) seen.get(system)!.times.push(performance.now() - started);
    }
    const full = new Set(answers.get('splade')!.ids);
    for (const [system, { ids, exact }] of answers) {
      const sums = seen.get(system)!;
      sums.asked++;
      sums.overlap += full.size === 0 ? 1 : ids.filter((id) => full.has(id)).length / full.size;
      sums.exact += Number(exact ?? false);
    }
  }
  const terms = vectors.reduce((sum, { size }) => sum + size, 0) / vectors.length;
  console.log(`${vectors.length} questions, ${terms.toFixed(1)} terms each`);
  const full = percentile(seen.get('splade')!.times, 0.5);
  for (const [system, { times, overlap, exact, asked }] of seen) {
    figure(`${system}, p50 over that of splade`, percentile(times, 0.5) / full, 'x', 'less');
    figure(`${system}, overlap@10`, overlap / asked, 'x', 'more');
    const at = [0.5, 0.95, 0.99].map((q) => percentile(times, q).toFixed(1).padStart(7)).join('');
    console.log(
      `${system.padEnd(34)}${at}   overlap@10 ${(overlap / asked).toFixed(3)}   exact ${(exact / asked).toFixed(2)}`,
    );
  }
}

type Timed = [name: string, ask: (vector: SparseVector, text: string) => Promise<Asked>];

function where(isThere: boolean, system: Timed): Timed[] {
  return isThere ? [system] : [];
}

function systemsOf(): Timed[] {
  const searched = searchedIndexOf(index);
  const by =
    (system: typeof bm25, of = searched) =>
    async (vector: SparseVector, text: string) => {
      const { documents } = await system.rank(of, { id: '', text, vector }, { size: SIZE });
      return { ids: documents.map(({ id }) => id) };
    };
  const certified = (limits: object) => async (vector: SparseVector) => {
    const request = { ...limits, size: SIZE, source: false } as const;
    const { answer, certificate } = await searchInTwoPhases(index, vector, { ceilings }, request);
    return { ids: answer.hits.map(({ id }) => id), exact: certificate.exact };
  };
  const processed = async (vector: SparseVector) => {
    const { query } = sparseQuery(vector, { dialect: osNeuralSparse, field: FIELD });
    const body = { query, size: SIZE, _source: false, track_total_hits: false, ...twoPhasePipeline() };
    return { ids: (await engine.search(name, body)).hits.map(({ id }) => id) };
  };
  const prunings = options.prunings!.split(/,(?![^(]*\))/);
  return [
    ['bm25', by(bm25)],
    ['splade', by(splade())],
    ['splade, twice', by(splade())],
    ...prunings.map((spec): [string, ReturnType<typeof by>] => [`splade, ${spec}`, by(splade(parsePruning(spec)))]),
    ['rescore(50)', by(rescored(50))],
    ['rescore(100)', by(rescored(100))],
    ['two-phase by rescore (0.4)', by(twoPhase())],
    ['two-phase, one request, 0.3 light', certified({ lightShare: 0.3, mostHeavy: 1, unproved: 'approximate' })],
    ['two-phase, certified', certified({})],
    ['two-phase, certified, always two', certified({ mostHeavy: 1 })],
    ...where(dialect.name === 'es-sparse-vector', [
      'splade, Elasticsearch default',
      by(splade(), { ...searched, dialect: prunedByElasticsearch(dialect) }),
    ]),
    ...where(hasNeuralSearch, ['neural_sparse', by(splade(), { ...searched, dialect: osNeuralSparse })]),
    ...where(hasNeuralSearch, ['neural_sparse, two-phase processor', processed]),
  ];
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
