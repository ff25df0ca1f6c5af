// Writes mappings/*.json, one index body for each engine and dialect: generated, committed, never edited by hand.
// With --check it writes nothing and exits with 1 where a committed body is not what the code generates.
import { readFile, writeFile } from 'node:fs/promises';
import { dialectForNewField } from '../dist/dialect/choose-dialect.js';
import { engineVersion } from '../dist/dialect/engine-version.js';
import { loadEncoder } from '../dist/encoder/load-encoder.js';
import { mappingFor } from '../dist/mapping/index-body.js';
import { planFor } from '../dist/mapping/vector-plan.js';

const ENGINES = {
  'opensearch-rank-features.json': ['opensearch', '3.0'],
  'elasticsearch-7-rank-features.json': ['elasticsearch', '7.17'],
  'elasticsearch-8-sparse-vector.json': ['elasticsearch', '8.19'],
  'elasticsearch-9-sparse-vector.json': ['elasticsearch', '9.2'],
};

const encoder = await loadEncoder('splade-tiny', { workers: 1 });
await encoder[Symbol.asyncDispose]();

for (const [name, engine] of Object.entries(ENGINES)) {
  const file = new URL(`../mappings/${name}`, import.meta.url);
  const body = bodyFor(engineVersion(...engine));
  if (!process.argv.includes('--check')) await writeFile(file, body);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== body) {
    console.error(`mappings/${name} is not what the code generates: run node scripts/write-mappings.mjs`);
    process.exitCode = 1;
  }
}

function bodyFor(version) {
  const dialect = dialectForNewField(version);
  const vectors = { splade: { from: ['title', 'text'], pruning: 'none' } };
  const plan = planFor({ model: encoder.identity, vocabulary: encoder.vocabulary, dialect, vectors });
  return `${JSON.stringify(mappingFor({ dialect, plan }), null, 2)}\n`;
}
