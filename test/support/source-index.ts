import { traitsOf } from '../../src/dialect/engine-traits.js';
import { ExactNumber } from '../../src/dialect/exact-number.js';
import type { Engine, Hit, Write } from '../../src/engine/engine.js';
import { DEFAULT_RETRY } from '../../src/ingest/bulk/backoff.js';
import { writeForGood } from '../../src/ingest/bulk/write-for-good.js';
import { HASH_FIELD } from '../../src/ingest/reindex/content-hash.js';
import { type ReindexResult, reindex } from '../../src/ingest/reindex/reindex.js';
import type { ReindexOptions } from '../../src/ingest/reindex/reindex-options.js';
import { freshName } from './engines.js';
import { hashingEncoder } from './hashing-encoder.js';

/** Documents of a source, unless told otherwise. */
export const DOCUMENTS = 400;
/** Documents with text that the check at the end of a run draws and encodes once more. */
export const CHECKED = 20;
export const PROPERTIES = {
  text: { type: 'text' },
  number: { type: 'integer' },
  long: { type: 'long' },
  inner: { type: 'nested', properties: { name: { type: 'keyword' } } },
};

/** What production indices hold: routing, whole numbers of 64 bits, nulls, arrays, nested objects, absent and empty fields. */
function sourceOf(i: number): Record<string, unknown> {
  if (i % 7 === 1) return { text: null, number: i };
  if (i % 7 === 2) return { text: [`words of ${i}`, null, 'in an array'], number: [i, i + 1] };
  if (i % 7 === 3) return { number: i };
  const long = new ExactNumber(String(9007199254740993n + BigInt(i)));
  return { text: `some words ${i} ${i % 13}`, number: i, long, inner: [{ name: `n${i}` }, { name: 'x' }] };
}

export const routingOf = (i: number) => (i % 5 === 0 ? `r${i % 3}` : undefined);

export async function write(engine: Engine, index: string, numbers: readonly number[], change = {}) {
  const writes: Write[] = numbers.map((i) => ({
    kind: 'index',
    id: `d${i}`,
    routing: routingOf(i),
    source: { ...sourceOf(i), ...change },
  }));
  const outcomes = await writeForGood(engine, index, writes, { retry: DEFAULT_RETRY });
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  await engine.refresh(index);
}

/** An index with documents d0, d1, ... */
export async function filled(engine: Engine, documents = DOCUMENTS): Promise<string> {
  const index = freshName('source');
  const settings = { index: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '7s' } };
  await engine.createIndex(index, { settings, mappings: { properties: PROPERTIES } });
  await write(engine, index, [...Array(documents).keys()]);
  return index;
}

/** Every document of an index by id, as it was written, without what termweave adds. */
export async function everything(engine: Engine, index: string) {
  await engine.refresh(index);
  await using snapshot = await engine.snapshot(index);
  const found = new Map<string, Pick<Hit, 'routing' | 'source'>>();
  for await (const page of snapshot.pages({ source: { excludes: ['splade', HASH_FIELD] } })) {
    for (const { id, routing, source } of page) found.set(id, { routing, source });
  }
  return found;
}

/** Every document of an index by id, vectors and all. */
export async function sourcesOf(engine: Engine, index: string) {
  await engine.refresh(index);
  await using snapshot = await engine.snapshot(index);
  const found = new Map<string, Record<string, unknown>>();
  const { source } = traitsOf(engine.version).wholeDocuments;
  for await (const page of snapshot.pages({ source })) for (const hit of page) found.set(hit.id, hit.source!);
  return found;
}

/** Reindexes to the end. */
export async function run(
  engine: Engine,
  source: string,
  options: Omit<ReindexOptions, 'encoder'> & Partial<ReindexOptions>,
) {
  const all = { encoder: hashingEncoder(), textFields: ['text'], ...options };
  for await (const report of reindex(engine, source, all)) if (report.done) return report as ReindexResult;
  throw new Error('it ended without a result');
}
