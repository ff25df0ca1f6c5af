import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JavaSystem } from './other-systems.js';

/** Indexes an export with Anserini and gives the TREC run of its topics, by the commands of `docs/exports.md`. */
export async function anseriniRun(java: JavaSystem, exported: string, scratch: string, hits: number): Promise<string> {
  const index = join(scratch, 'index');
  const run = join(scratch, 'run.txt');
  await java.run(
    'io.anserini.index.IndexCollection',
    ...['-collection', 'JsonVectorCollection', '-input', join(exported, 'documents'), '-index', index],
    ...['-generator', 'DefaultLuceneDocumentGenerator', '-threads', '1', '-impact', '-pretokenized'],
  );
  await java.run(
    'io.anserini.search.SearchCollection',
    ...['-index', index, '-topics', join(exported, 'queries.tsv'), '-topicReader', 'TsvString', '-output', run],
    ...['-impact', '-pretokenized', '-hits', String(hits), '-threads', '1', '-arbitraryScoreTieBreak'],
  );
  return readFile(run, 'utf8');
}
