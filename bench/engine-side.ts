/**
 * OpenSearch encodes by itself: does it store and find what `termweave index` and `search` do, and how fast? The same texts go as plain text
 * through `_bulk` by the official client to an index that `termweave connect` connected, and by `indexDocuments` to another on the same node. Compared:
 * stored weights (name by name), scores of `neural_sparse` by `query_text` against `SparseIndex.search`, documents/s of both.
 *
 * Traps: service and engine share the machine, so the engine's share is not free for the encoder; titles and texts are joined beforehand, for a
 * `sparse_encoding` processor encodes one field; texts go in the same order to both, one after the other.
 *
 *   termweave sandbox up opensearch --version 3.6.0+ml && termweave serve
 *   npm run build && node bench/run.mjs engine-side ENGINE_URL SERVICE_URL BEIR_FOLDER [DOCUMENTS] [QUERIES]
 */
import { Client } from '@opensearch-project/opensearch';
import { connectOpenSearch } from '../src/connector/connect-opensearch.js';
import { describeService } from '../src/connector/described-service.js';
import { disconnectOpenSearch } from '../src/connector/disconnect-opensearch.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import { connect } from '../src/engine/connect.js';
import { BeirCollection } from '../src/evaluate/files/beir-collection.js';
import { indexDocuments } from '../src/ingest/index-documents.js';
import { planFor } from '../src/mapping/vector-plan.js';
import { SparseIndex } from '../src/retrieve/sparse-index.js';
import { verify } from '../src/verify/verify.js';

const [url, service, folder, documents = '5183', queries = '300'] = process.argv.slice(2);
// What the service encodes well within the read timeout of ml-commons (30 s), on a busy machine too.
const BULK = 64;
const HITS = 100;
const field = 'splade';

const collection = new BeirCollection(folder!);
const texts: { id: string; text: string }[] = [];
for await (const { id, title, text } of collection.documents()) {
  if (texts.length < Number(documents)) texts.push({ id, text: [title, text].filter(Boolean).join(' ') });
}

await using engine = await connect(url!);
await using encoder = await loadEncoder();
const { model, vocabulary } = await describeService(service!);
const plan = planFor({
  model,
  vocabulary: { fingerprint: vocabulary },
  dialect: { name: 'rank-features' },
  vectors: { [field]: { from: ['text'], pruning: 'none' } },
});
const index = 'engine-side';
const beside = 'engine-side-beside';
for (const name of [index, beside]) await engine.deleteIndex(name).catch(() => undefined);
await connectOpenSearch(
  engine,
  { index, text: 'text', field, service: service!, plan, batch: 32 },
  { applySettings: true },
);

const client = new Client({ node: url!, requestTimeout: 600_000 });
/** As a client must: on a busy machine the engine gives an encoder up after 30 s, and says so of each document. */
let sentAgain = 0;
const bulkSeconds = await timed(async () => {
  for (let i = 0; i < texts.length; i += BULK) {
    let unsent = texts.slice(i, i + BULK);
    while (unsent.length > 0) {
      const body = unsent.flatMap(({ id, text }) => [{ index: { _index: index, _id: id } }, { text }]);
      const { items } = (await client.bulk({ body: body as never })).body;
      const failed = new Set(items.filter((item) => item.index?.error).map((item) => item.index!._id));
      unsent = unsent.filter(({ id }) => failed.has(id));
      sentAgain += unsent.length;
    }
  }
});
const indexSeconds = await timed(async () => {
  for await (const _report of indexDocuments(
    engine,
    beside,
    { items },
    { encoder, usualTextFields: () => ['text'], field },
  ));
});
await engine.refresh(index);

console.log(`documents/s: by the engine ${rate(bulkSeconds)}, by termweave index ${rate(indexSeconds)}`);
console.log(`  documents sent again, for the service had not answered in time: ${sentAgain}`);
console.log(`  ratio ${((100 * indexSeconds) / bulkSeconds).toFixed(0)} %`);
await compareVectors();
await compareScores();
await prove();
await disconnectOpenSearch(engine, index);
for (const name of [index, beside]) await engine.deleteIndex(name);

async function compareVectors(): Promise<void> {
  const stored = new Map<string, string>();
  for await (const { id, vector } of vectorsOf(beside)) stored.set(id, vector);
  let same = 0;
  let seen = 0;
  for await (const { id, vector } of vectorsOf(index)) {
    seen++;
    if (stored.get(id) === vector) same++;
  }
  console.log(`stored vectors: ${same} of ${seen} the same, name by name and to the bit`);
}

async function* vectorsOf(name: string) {
  await using snapshot = await engine.snapshot(name);
  for await (const hits of snapshot.pages({ size: 200 })) {
    for (const { id, source } of hits) {
      const entries = Object.entries(source![field] as Record<string, number>).map(([token, weight]) => [
        token,
        Math.fround(weight),
      ]);
      yield { id, vector: JSON.stringify(entries.sort()) };
    }
  }
}

async function compareScores(): Promise<void> {
  const opened = await SparseIndex.open(engine, beside, { field });
  const topics = (await collection.topics(await collection.qrels())).slice(0, Number(queries));
  let same = 0;
  let largest = 0;
  for (const { text } of topics) {
    const [encoded] = await encoder.encode([text], { as: 'query' });
    const expected = await opened.search(encoded!.vector, { size: HITS });
    const query = { neural_sparse: { [field]: { query_text: text } } };
    const found = await engine.search(index, { query, size: HITS });
    const scores = new Map(found.hits.map(({ id, score }) => [id, Number(score)]));
    const differences = expected.hits.map(({ id, score }) => Math.abs(score - (scores.get(id) ?? score)));
    const sameScores = expected.hits.every(({ score }, rank) => score === found.hits[rank]?.score);
    if (sameScores) same++;
    largest = Math.max(largest, ...differences);
  }
  console.log(`queries: ${same} of ${topics.length} with the same ${HITS} scores; largest difference ${largest}`);
}

/** As `termweave verify --top 100` does: every score against the vectors that the engine's own pipeline stored. */
async function prove(): Promise<void> {
  const topics = (await collection.topics(await collection.qrels())).slice(0, Number(queries));
  const encoded = await encoder.encode(
    topics.map(({ text }) => text),
    { as: 'query' },
  );
  const asked = topics.map(({ id }, i) => ({ id, vector: encoded[i]!.vector }));
  const { dialect } = await SparseIndex.open(engine, index, { field });
  const { scores, disagreements, maxUlp } = await verify(engine, index, asked, { dialect, field, top: HITS });
  console.log(`verify: ${scores} scores, ${disagreements} disagree, at most ${maxUlp} units in the last place`);
}

async function* items() {
  for (const { id, text } of texts) yield { ok: true, document: { id, source: { text } } } as const;
}

function rate(seconds: number): string {
  return (texts.length / seconds).toFixed(1);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
