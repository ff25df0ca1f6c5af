/**
 * What do passages gain on long documents, and what do they cost?
 *
 * Long documents are made of passages that follow each other in the file (`--each` of them, about 90 words each); a query is the beginning of one
 * passage, drawn by turns from all over its document. The memory engine is asked with the whole query vector; the document that the query was
 * taken from is the right one. Reported for texts cut at the model's limit and for overlapping passages: right documents in the first place, and their
 * reciprocal rank, apart for queries from the first passages and from the rest; entries of a vector; CPU of encoding a document.
 *
 *   npm run build && node bench/run.mjs passages --texts rfc-passages.jsonl.gz [--documents 100] [--each 20] [--tokens 256] [--overlap 32]
 *
 * Traps: queries are the documents' own words, which is easier than questions are; what counts is the difference between beginning and end.
 * Documents in the index have common parents, so that neighbours look alike.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { storedFeatures } from '../src/dialect/stored-features.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import type { Passages } from '../src/encoder/passages.js';
import { connect } from '../src/engine/connect.js';
import { sparseQuery } from '../src/query/sparse-query.js';

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string' },
    documents: { type: 'string', default: '100' },
    each: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '256' },
    overlap: { type: 'string', default: '32' },
  },
});
const WORDS = 12;
const FIRST = 2;
const each = Number(options.each);
const documents = await longDocuments(Number(options.documents));
await using engine = await connect('memory:');
await using encoder = await loadEncoder(undefined, { home: process.env.TERMWEAVE_HOME });
const queries = documents.map((passages, i) => {
  const at = i % each;
  return { document: i, isFirst: at < FIRST, text: passages[at]!.split(/\s+/).slice(0, WORDS).join(' ') };
});
const asked = await encoder.encode(
  queries.map(({ text }) => text),
  { as: 'query' },
);
const passages: Passages = { tokens: Number(options.tokens), overlap: Number(options.overlap) };
console.table({
  cut: await judged('cut', undefined),
  [`passages ${options.tokens}/${options.overlap}`]: await judged('whole', passages),
});

async function judged(index: string, way: Passages | undefined) {
  const cpu = process.cpuUsage();
  const encoded = await encoder.encode(
    documents.map((parts) => parts.join('\n')),
    { passages: way },
  );
  const { user } = process.cpuUsage(cpu);
  await engine.createIndex(index, { mappings: { properties: { splade: rankFeatures.field } } });
  await engine.bulk(
    index,
    encoded.map(({ vector }, i) => ({
      ...{ kind: 'index', id: String(i) },
      source: { splade: storedFeatures(vector, rankFeatures) },
    })),
  );
  const ranks = [];
  for (const [i, { document, isFirst }] of queries.entries()) {
    const { query } = sparseQuery(asked[i]!.vector, { dialect: rankFeatures, field: 'splade' });
    const { hits } = await engine.search(index, { query, size: documents.length, _source: false });
    ranks.push({ isFirst, rank: 1 + hits.findIndex(({ id }) => id === String(document)) });
  }
  const [beginning, rest] = [ranks.filter(({ isFirst }) => isFirst), ranks.filter(({ isFirst }) => !isFirst)];
  return {
    'first, beginning': share(beginning, ({ rank }) => Number(rank === 1)),
    'first, rest': share(rest, ({ rank }) => Number(rank === 1)),
    'reciprocal rank, beginning': share(beginning, ({ rank }) => (rank > 0 ? 1 / rank : 0)),
    'reciprocal rank, rest': share(rest, ({ rank }) => (rank > 0 ? 1 / rank : 0)),
    entries: Math.round(encoded.reduce((sum, { vector }) => sum + vector.size, 0) / encoded.length),
    'CPU ms/document': Math.round(user / 1000 / documents.length),
    'texts cut': encoded.filter(({ truncated }) => truncated).length,
  };
}

function share<T>(items: readonly T[], of: (item: T) => number): string {
  return (items.reduce((sum, item) => sum + of(item), 0) / items.length).toFixed(3);
}

async function longDocuments(count: number): Promise<string[][]> {
  const made: string[][] = [];
  let parts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(options.texts!).pipe(createGunzip()) })) {
    if (parts.push(JSON.parse(line).text) < each) continue;
    made.push(parts);
    parts = [];
    if (made.length === count) break;
  }
  return made;
}
