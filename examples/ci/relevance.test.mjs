// An engine in a container, your documents in it, and two questions that a mock cannot answer: are its scores the dot products, and does it find
// what people judged right? Run by: ENGINE=opensearch node --test
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  connect,
  dialectForNewField,
  loadEncoder,
  mappingFor,
  planFor,
  SparseIndex,
  storedFeatures,
  verify,
} from 'termweave';
import { GenericContainer, Wait } from 'testcontainers';

const IMAGES = {
  opensearch: 'opensearchproject/opensearch:3.8.0',
  elasticsearch: 'docker.elastic.co/elasticsearch/elasticsearch:9.5.3',
};
const ENVIRONMENT = {
  'discovery.type': 'single-node',
  DISABLE_SECURITY_PLUGIN: 'true',
  DISABLE_INSTALL_DEMO_CONFIG: 'true',
  'xpack.security.enabled': 'false',
};

const engineName = process.env.ENGINE ?? 'opensearch';
const documents = readFileSync(new URL('documents.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(JSON.parse);
const judged = JSON.parse(readFileSync(new URL('judged.json', import.meta.url), 'utf8'));

test(`SPLADE on ${engineName}`, { timeout: 300_000 }, async (t) => {
  const container = await new GenericContainer(process.env.ENGINE_IMAGE ?? IMAGES[engineName])
    .withEnvironment(engineName === 'opensearch' ? only(/^(discovery|DISABLE)/) : only(/^(discovery|xpack)/))
    .withExposedPorts(9200)
    .withWaitStrategy(Wait.forHttp('/_cluster/health?wait_for_status=yellow&timeout=60s', 9200).forStatusCode(200))
    .start();
  t.after(() => container.stop());
  const engine = await connect(`http://${container.getHost()}:${container.getMappedPort(9200)}`);
  t.after(() => engine[Symbol.asyncDispose]());
  const encoder = await loadEncoder(process.env.MODEL ?? 'splade-tiny');
  t.after(() => encoder[Symbol.asyncDispose]());
  await fill(engine, encoder);

  const index = await SparseIndex.open(engine, 'library');
  const encoded = await encoder.encode(Object.keys(judged), { as: 'query' });
  const queries = Object.keys(judged).map((id, i) => ({ id, vector: encoded[i].vector }));

  await t.test('every score is the dot product, to the last bit', async () => {
    const { dialect, field } = index;
    const report = await verify(engine, 'library', queries, { dialect, field, top: 10 });
    assert.ok(report.scores > 0);
    assert.equal(report.disagreements, 0);
  });

  await t.test('what was judged right comes first', async () => {
    for (const { id, vector } of queries) {
      const { hits } = await index.search(vector, { size: 1 });
      assert.equal(hits[0]?.id, judged[id], id);
    }
  });
});

async function fill(engine, encoder) {
  const dialect = dialectForNewField(engine.version);
  const vectors = { splade: { from: ['text'], pruning: 'none' } };
  const plan = planFor({ model: encoder.identity, vocabulary: encoder.vocabulary, dialect, vectors });
  await engine.createIndex('library', mappingFor({ dialect, plan }));
  const encoded = await encoder.encode(documents.map(({ text }) => text));
  const writes = documents.map(({ id, text }, i) => {
    const splade = storedFeatures(encoded[i].vector, dialect);
    return { kind: 'index', id, source: { text, splade } };
  });
  for (const outcome of await engine.bulk('library', writes)) assert.ok(outcome.ok, outcome.reason);
  await engine.refresh('library');
}

function only(pattern) {
  return Object.fromEntries(Object.entries(ENVIRONMENT).filter(([name]) => pattern.test(name)));
}
