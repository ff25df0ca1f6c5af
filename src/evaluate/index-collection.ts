import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Encoder } from '../encoder/encoder.js';
import type { Engine } from '../engine/engine.js';
import { indexDocuments } from '../ingest/index-documents.js';
import type { IngestReport } from '../ingest/ingest-report.js';
import { fileSource } from '../ingest/sources/file-source.js';
import { EvaluationFileBroken } from './files/lines-of.js';

export interface IndexCollectionOptions {
  readonly encoder: Encoder;
  readonly analyzer?: string;
  readonly signal?: AbortSignal;
}

/** Indexes a collection's documents, so that it can be searched: a report after each batch. @throws {EvaluationFileBroken} */
export async function* indexCollection(
  engine: Engine,
  index: string,
  folder: string,
  options: IndexCollectionOptions,
): AsyncGenerator<IngestReport> {
  const file = ['corpus.jsonl', 'corpus.jsonl.gz'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (!file)
    throw new EvaluationFileBroken(folder, 'no corpus.jsonl, nor corpus.jsonl.gz', 'Give a folder in BEIR’s layout');
  const source = await fileSource(file);
  const { usualTextFields, mustHaveText } = source;
  yield* indexDocuments(engine, index, source, { ...options, usualTextFields, mustHaveText });
}
