/**
 * How good are BM25, SPLADE, two-phase and hybrids on collections in BEIR's layout, and what do they cost, on one engine?
 *
 * splade-tiny, texts cut at 256 tokens; title and text joined into one field for BM25, with the `english` analyzer (unless another is named: what
 * is published of Elasticsearch 9 for tests has `standard` alone) and the engine's default
 * k1 and b (Anserini's published figures are with 0.9 and 0.4 over the same joined field: give --k1 and --b for those, on real
 * engines). Means over all judged queries of the split, ties as trec_eval breaks them, paired randomisation tests with Holm's correction.
 *
 *   npm run build && node bench/run.mjs effectiveness --collections beir/scifact,beir/nfcorpus [--url memory:] [--split test]
 *     [--systems "bm25,splade,hybrid(rrf)"] [--measures nDCG@10,R@100] [--k1 0.9 --b 0.4]
 *     [--analyzer english] [--folds 5] [--cache FOLDER]
 *
 * `crossValidation`: each of the folds answered by the system that `tune` would choose on the others, against BM25 and SPLADE alone; `weakSpots`: the
 * first measure by kind of query.
 *
 * Traps: vectors are those of the cache (see vector-cache.ts): empty it after a change to the encoder. Latencies are of one client on
 * one machine, with whatever else runs there.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dialectForNewField } from '../src/dialect/choose-dialect.js';
import { storedFeatures } from '../src/dialect/stored-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import { evaluateSystems } from '../src/evaluate/evaluate-systems.js';
import { BeirCollection } from '../src/evaluate/files/beir-collection.js';
import { parseMeasures } from '../src/evaluate/measures/parse-measure.js';
import { byWeakSpot } from '../src/evaluate/report/by-weak-spot.js';
import { reportJson } from '../src/evaluate/report/report-json.js';
import { parseSystems } from '../src/evaluate/systems/parse-system.js';
import { crossValidate } from '../src/evaluate/tuning/cross-validate.js';
import { mappingFor } from '../src/mapping/index-body.js';
import { weakSpots } from '../src/query/weak-spots.js';
import { SparseVector } from '../src/sparse/sparse-vector.js';
import type { Vocabulary } from '../src/sparse/vocabulary.js';
import { CACHE, vectorsByText } from './vector-cache.js';

const { values: options } = parseArgs({
  options: {
    collections: { type: 'string' },
    url: { type: 'string', default: 'memory:' },
    split: { type: 'string', default: 'test' },
    systems: { type: 'string', default: 'bm25,splade,two-phase,hybrid(rrf),hybrid(sum 0.5)' },
    measures: { type: 'string', default: 'nDCG@10,R@100' },
    k1: { type: 'string' },
    b: { type: 'string' },
    analyzer: { type: 'string', default: 'english' },
    folds: { type: 'string', default: '5' },
    cache: { type: 'string', default: CACHE },
  },
});
const FIELD = 'splade';
const TEXT = 'contents';
const BATCH = 500;

const encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
const { vocabulary, identity } = encoder;
await using engine = await connect(options.url);
const dialect = dialectForNewField(engine.version);
for (const folder of options.collections!.split(',')) {
  const index = `effectiveness-${process.pid}-${folder.split('/').at(-1)}`;
  await fill(index, folder);
  const report = await judge(index, folder);
  console.log(JSON.stringify({ collection: folder, engine: engine.version.text, ...report }));
  await engine.deleteIndex(index);
}
await encoder[Symbol.asyncDispose]();

async function fill(index: string, folder: string): Promise<void> {
  const plan = {
    format: 1 as const,
    model: identity,
    vocabulary: vocabulary.fingerprint,
    dialect: dialect.name,
    vectors: { [FIELD]: { from: [TEXT], pruning: 'none' } },
  };
  const similarity = options.k1 && {
    'index.similarity.default.type': 'BM25',
    'index.similarity.default.k1': Number(options.k1),
    'index.similarity.default.b': Number(options.b ?? 0.75),
  };
  const settings = { 'index.number_of_shards': 1, 'index.number_of_replicas': 0, ...similarity };
  await engine.createIndex(index, { ...mappingFor({ dialect, plan, analyzer: options.analyzer, settings }) });
  const vectors = await vectorsByText(fileIn(folder, 'corpus.jsonl'), 'document', options.cache);
  let batch = [];
  let at = 0;
  for await (const { id, title, text } of new BeirCollection(folder).documents()) {
    const stored = storedFeatures(vectorOf(vocabulary, vectors, at++), dialect);
    const source = { [TEXT]: title ? `${title} ${text}` : text, [FIELD]: stored };
    batch.push({ kind: 'index' as const, id, source });
    if (batch.length < BATCH) continue;
    await mustAccept(index, batch);
    batch = [];
  }
  await mustAccept(index, batch);
  await engine.refresh(index);
}

async function mustAccept(index: string, batch: Parameters<typeof engine.bulk>[1]): Promise<void> {
  for (const outcome of await engine.bulk(index, batch)) if (!outcome.ok) throw new Error(outcome.reason);
}

async function judge(index: string, folder: string) {
  const collection = new BeirCollection(folder);
  const qrels = await collection.qrels(options.split);
  const vectors = await vectorsByText(fileIn(folder, 'queries.jsonl'), 'query', options.cache);
  const everyone = new Map((await collection.topics({ has: () => true })).map(({ id }, i) => [id, i]));
  const topics = (await collection.topics(qrels)).map((topic) => ({
    ...topic,
    vector: vectorOf(vocabulary, vectors, everyone.get(topic.id)!),
    weakSpots: weakSpots(topic.text, vocabulary),
  }));
  const searched = { engine, index, dialect, field: FIELD, textFields: [TEXT] };
  const systems = parseSystems(options.systems);
  const measures = parseMeasures(options.measures);
  const report = await evaluateSystems(searched, topics, qrels, systems, measures);
  const groups = [...byWeakSpot(report, topics)].map(([spot, group]) => [
    spot,
    { queries: group.queries, means: [...group.systems].map(([name, means]) => [name, means.get(measures[0]!.name)]) },
  ]);
  const alone = ['bm25', 'splade'].filter((name) => systems.has(name));
  const reference = systems.has('splade') ? 'splade' : [...systems.keys()][0]!;
  const folds = { folds: Number(options.folds), reference, references: alone };
  const { references, ...crossed } = (await crossValidate(report.systems, measures[0]!.name, folds))!;
  return {
    ...reportJson(report),
    weakSpots: Object.fromEntries(groups),
    crossValidation: { ...crossed, references: Object.fromEntries(references) },
  };
}

function vectorOf(of: Vocabulary, { ids, weights, starts }: Awaited<ReturnType<typeof vectorsByText>>, i: number) {
  return new SparseVector(of, ids.slice(starts[i], starts[i + 1]), weights.slice(starts[i], starts[i + 1]));
}

function fileIn(folder: string, name: string): string {
  const plain = join(folder, name);
  return existsSync(plain) ? plain : `${plain}.gz`;
}
