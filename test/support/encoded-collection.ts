import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder } from '../../src/cli/settings.js';
import { loadEncoder } from '../../src/encoder/load-encoder.js';
import { readQrels } from '../../src/evaluate/files/qrels-file.js';
import type { Qrels } from '../../src/evaluate/measures/judgements.js';
import { exportVectors } from '../../src/export/export-vectors.js';
import { fileVectors } from '../../src/export/sources/file-vectors.js';
import { termsFormat } from '../../src/export/terms/terms-format.js';
import type { TokenVector } from '../../src/export/token-vector.js';
import { vectorsOf } from './token-vectors.js';

const COLLECTIONS = '../shared/data/beir';

/** A real collection with its judged queries, encoded by the default model, texts cut at 256 tokens. */
export interface EncodedCollection {
  readonly documents: readonly TokenVector[];
  readonly queries: readonly TokenVector[];
  readonly qrels: Qrels;
}

/**
 * Registers tests on a whole collection. They take minutes (of encoding, the first time), so they are asked for by name,
 * `TERMWEAVE_TEST_COLLECTIONS=scifact,nfcorpus`, and named where they were left out.
 */
export async function onCollection(name: string, title: string, suite: () => void | Promise<void>): Promise<void> {
  const asked = (process.env.TERMWEAVE_TEST_COLLECTIONS ?? '').split(',').includes(name);
  if (asked && existsSync(join(COLLECTIONS, name))) return suite();
  process.stderr.write(`LEFT OUT ${title}: needs ${join(COLLECTIONS, name)} and TERMWEAVE_TEST_COLLECTIONS=${name}\n`);
  it.skip(title, () => undefined);
}

/** Encodes the collection into the cache, whole or not at all, and reads it from there. */
export async function encodedCollection(name: string): Promise<EncodedCollection> {
  const source = join(COLLECTIONS, name);
  const folder = join(homeFolder(), `exports/${name}-splade-tiny`);
  if (!existsSync(join(folder, 'manifest.json'))) await encode(source, folder);
  const qrels = await readQrels(join(source, 'qrels/test.tsv'));
  return {
    documents: await vectorsOf(termsFormat.read(folder, 'documents')),
    queries: (await vectorsOf(termsFormat.read(folder, 'queries'))).filter(({ id }) => qrels.has(id)),
    qrels,
  };
}

async function encode(source: string, folder: string): Promise<void> {
  await using encoder = await loadEncoder('splade-tiny', { home: homeFolder() });
  const openEncoder = async () => encoder;
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  await exportVectors({
    format: termsFormat,
    folder: partial,
    documents: await fileVectors(join(source, 'corpus.jsonl.gz'), { as: 'document', openEncoder }),
    queries: await fileVectors(join(source, 'queries.jsonl'), { as: 'query', openEncoder }),
  });
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}
