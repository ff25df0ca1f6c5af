import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import type { IngestReport } from '../ingest/ingest-report.js';
import type { FileFormat } from '../ingest/sources/file-source.js';
import type { VectorsInSource } from '../mapping/source-handling.js';
import { deadLettersAt } from './dead-letters-at.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { IngestProgress } from './ingest-progress.js';
import { interruption } from './interruption.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { TEXT_FIELDS, type TextFields, textFieldList } from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';
import { sayOfTexts } from './say-of-texts.js';
import { toldWaits } from './told-waits.js';
import { passagesAsked, type VectorOptions, withVectorOptions } from './vector-options.js';

const EXAMPLES = `
JSON lines, CSV or TSV, plain or packed with gzip, - reads standard input; or Parquet. Files in BEIR's layout (_id, title, text) need no options.
What cannot be indexed goes to the dead letters, one JSON object a line with the reason, and the rest goes on; the exit code is 1 then.
The dead letters of another file stay where they are; those of this one are replaced.
Of documents with the same id the first stands; the others go to the dead letters.

Examples:
  $ termweave index corpus.jsonl.gz --index books
  $ termweave index books.csv --index library --id isbn --text title,blurb --prune "topK(128)"
  $ jq -c '.items[]' dump.json | termweave index - --index books --make-ids`;

interface IndexOptions extends EngineOptions, ModelOptions, VectorOptions {
  readonly index: string;
  readonly id?: string;
  readonly makeIds?: boolean;
  readonly text?: TextFields;
  readonly analyzer?: string;
  readonly vectorsInSource?: VectorsInSource;
  readonly format?: FileFormat;
  readonly deadLetters?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `termweave index FILE`: the documents of a file, encoded, into an index. */
export function addIndex(program: Command): void {
  const command = withVectorOptions(
    program
      .command('index <file>')
      .description('encode the documents of a file into an index, which is made if it is not there')
      .requiredOption('--index <NAME>', 'the index')
      .option('--id <FIELD>', 'the field with the id (default: _id or id)')
      .option('--make-ids', 'make ids from the content: the same content has the same id')
      .option('--text <FIELD,FIELD>', `${TEXT_FIELDS} (default: title,text)`, textFieldList),
  )
    .option('--analyzer <NAME>', "the text fields' analyzer, for a new index")
    .addOption(new Option('--vectors-in-source <HOW>', 'for a new index (default: keep)').choices(['keep', 'exclude']))
    .addOption(
      new Option('--format <FORMAT>', "default: by the file's name").choices(['jsonl', 'csv', 'tsv', 'parquet']),
    )
    .option('--dead-letters <FILE>', 'where failed documents go (default: INDEX.dead-letters.jsonl)')
    .option('--strict', 'stop at the first document that cannot be indexed')
    .option('--json', 'one JSON value at the end: {"indexed","failed","seconds",...}');
  withModelOptions(withEngineOptions(command)).addHelpText('after', EXAMPLES).action(index);
}

async function index(file: string, options: IndexOptions): Promise<void> {
  const { fileSource } = await import('../ingest/sources/file-source.js');
  const { indexDocuments } = await import('../ingest/index-documents.js');
  await using deadLetters = await deadLettersAt(options.deadLetters ?? `${options.index}.dead-letters.jsonl`, {
    source: sourceNamed(file),
  });
  const source = await fileSource(file, { ...options, signal: interruption });
  await using engine = await openEngine(options);
  await using encoder = await openEncoder(options);
  using progress = new IngestProgress();
  let last: IngestReport | undefined;
  for await (const report of indexDocuments(engine, options.index, source, {
    ...options,
    encoder,
    deadLetters,
    ...options.text,
    passages: passagesAsked(options),
    pruning: options.prune?.spec,
    usualTextFields: source.usualTextFields,
    mustHaveText: source.mustHaveText,
    onIndexThere: (fields) => {
      if (!source.hasText(fields)) progress.say(pc.yellow(withoutText(fields, source.fields)));
    },
    retry: toldWaits((text) => progress.say(text)),
    signal: interruption,
  })) {
    progress.show(report, source.progress?.());
    last = report;
  }
  progress[Symbol.dispose]();
  try {
    await deadLetters.settle();
  } finally {
    tell(last!, options, deadLetters.path);
  }
}

function withoutText(fields: readonly string[], there: readonly string[]): string {
  return `none of the first documents has a field that the index makes vectors from (${fields.join(', ')}); theirs are ${there.join(', ')}`;
}

/** What is piped in is never known to be the same again. */
function sourceNamed(file: string): string {
  return file === '-' ? `standard input, ${new Date().toISOString()}` : resolve(file);
}

function tell(report: IngestReport, { json, index }: IndexOptions, deadLetters: string): void {
  const { indexed, failed, seconds, failures } = report;
  sayOfTexts(report);
  if (failed > 0) {
    const reasons = Object.entries(failures).map(([type, count]) => `${count} ${type}`);
    say(pc.red(`${failed} failed (${reasons.join(', ')}): see ${deadLetters}`));
    process.exitCode = ExitCode.negative;
  }
  if (json) printJson({ ...report, ...(failed > 0 && { deadLetters }) });
  else
    print(`${indexed} documents in ${index}, ${seconds.toFixed(1)} s, ${(indexed / seconds).toFixed(0)} documents/s`);
}
