import { devNull } from 'node:os';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Engine } from '../engine/engine.js';
import type { AddVectorsResult } from '../ingest/in-place/add-vectors.js';
import type { IngestReport } from '../ingest/ingest-report.js';
import type { EstimateOptions } from '../ingest/reindex/estimate.js';
import type { ReindexResult } from '../ingest/reindex/reindex.js';
import { deadLettersAt } from './dead-letters-at.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { IngestProgress } from './ingest-progress.js';
import { interruption } from './interruption.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { needs } from './option-rules.js';
import {
  jsonObject,
  naturalNumber,
  priceOf,
  type Slice,
  sliceOf,
  spanOf,
  TEXT_FIELDS,
  type TextFields,
  textFieldList,
} from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say, tableOf } from './output.js';
import { sayOfTexts } from './say-of-texts.js';
import { toldWaits } from './told-waits.js';
import { passagesAsked, type VectorOptions, withVectorOptions } from './vector-options.js';

const EXAMPLES = `
The source is only read. The copy is made with the source's own settings and mapping; what is in it already, unchanged, is passed over, so
the same command goes on where it was ended. Documents that the engine refuses go to the dead letters and are tried again by the same
command, or alone by --retry-dead-letters. The alias moves once the copy is complete and its scores are verified; \`termweave rollback ALIAS\` moves it back.

Examples:
  $ termweave reindex shop --to shop-splade --text title,body --dry-run
  $ termweave reindex shop --to shop-splade --text title,body --dry-run --machines 16 --hour-price 0.4
  $ termweave reindex shop --to shop-splade --text title,body --alias shop-search
  $ termweave reindex shop --to shop-next --text title,body --slice 3/16    # on each of 16 machines, with its own number
  $ termweave reindex status shop-splade
  $ termweave reindex catalogue --in-place --text title,body`;

const STATUS_EXAMPLES = `
Examples:
  $ termweave reindex status shop-splade
  $ termweave reindex status shop-splade --json | jq .missing`;

interface ReindexCommandOptions extends EngineOptions, ModelOptions, VectorOptions {
  readonly to?: string;
  readonly text?: TextFields;
  readonly alias?: string;
  readonly slice?: Slice;
  readonly follow?: string;
  readonly followOverlap?: number;
  readonly query?: string;
  readonly inPlace?: boolean;
  readonly dryRun?: boolean;
  readonly machines?: number;
  readonly hourPrice?: number;
  readonly deadLetters?: string;
  readonly retryDeadLetters?: boolean;
  readonly anew?: boolean;
  readonly allowFailed?: boolean;
  readonly json?: boolean;
}

/** `termweave reindex SOURCE --to COPY`, `termweave reindex status COPY` */
export function addReindex(program: Command): void {
  const command = withVectorOptions(
    program
      .command('reindex [source]')
      .description('make a searchable copy of an index, with vectors, while the index goes on serving')
      .option('--to <NAME>', 'the copy')
      .option('--text <FIELD,FIELD>', TEXT_FIELDS, textFieldList)
      .option('--alias <NAME>', 'moved to the copy in one step, once it is complete and verified')
      .option('--slice <I/N>', 'only this one of N parts, counted from 1', sliceOf)
      .option(
        '--follow <FIELD>',
        'a field that grows with every change, or _seq_no: bring what is changed and deleted meanwhile',
      )
      .option(
        '--follow-overlap <SPAN>',
        'read again from so long before its last value, as in 10m, or a number (default: 10m for dates)',
        spanOf,
      )
      .option('--query <JSON>', "only documents that match a query of the engine's own"),
  )
    .option('--in-place', 'no copy: add the vectors to the documents of the index itself')
    .option('--dry-run', 'measure a sample and say what it would take; write nothing')
    .option('--machines <N>', 'with --dry-run: hours and disk of each of N machines like this one', naturalNumber)
    .option('--hour-price <PRICE>', "with --machines: one machine's, in any currency, for the cost of each", priceOf)
    .option(
      '--dead-letters <FILE>',
      'where failed documents go (default: COPY.dead-letters.jsonl, or COPY.3of16.dead-letters.jsonl)',
    )
    .option('--anew', 'begin although slices of an earlier run, in another number of them, are done')
    .option('--retry-dead-letters', 'only the documents in the dead letters of an earlier run')
    .option('--allow-failed', 'move the alias although documents failed')
    .option(
      '--json',
      'progress, one JSON value a line; last {"done":true,"documents","failed","verified","seconds","vectors","scores",...}',
    );
  needs(command, '--follow-overlap', '--follow');
  withModelOptions(withEngineOptions(command)).addHelpText('after', EXAMPLES).action(reindex);
  const status = command
    .command('status <copy>')
    .description('how far the slices of a reindex are')
    .option('--json', 'one JSON value: {"source","state","slices":[...],"missing","documents","failed","running"}');
  withEngineOptions(status)
    .addHelpText('after', STATUS_EXAMPLES)
    .action((copy, _, self: Command) => showStatus(copy, self.optsWithGlobals()));
}

async function reindex(source: string | undefined, options: ReindexCommandOptions): Promise<void> {
  const asked = await checkAsked(source, options);
  const { readDeadLetters } = await import('../ingest/dead-letter-file.js');
  const path = options.deadLetters ?? deadLettersOf(asked.to, options);
  const again = options.retryDeadLetters ? await readDeadLetters(path) : undefined;
  // A dry run writes nothing, wherever it is given.
  await using deadLetters = await deadLettersAt(options.dryRun ? devNull : path, {
    source: sourceNamed(asked.source, options),
    again,
  });
  await using engine = await openEngine(options);
  await using encoder = await openEncoder(options);
  const all = { ...options, ...asked, encoder, deadLetters, again, signal: interruption };
  // Awaited here, or the engine is closed under it.
  if (options.dryRun) return await tellEstimate(engine, asked.source, all);
  const { reindex } = await import('../ingest/reindex/reindex.js');
  const { addVectors } = await import('../ingest/in-place/add-vectors.js');
  using progress = new IngestProgress();
  const told = { ...all, retry: toldWaits((text) => progress.say(text)) };
  const reports = options.inPlace ? addVectors(engine, asked.source, told) : reindex(engine, asked.source, told);
  try {
    const result = await showProgress<AddVectorsResult | ReindexResult>(reports, progress, options.json);
    try {
      await deadLetters.settle();
    } finally {
      tell(result, asked.to, options, deadLetters.path);
    }
  } catch (thrown) {
    const { DocumentsFailed } = await import('../ingest/reindex/reindex-faults.js');
    if (!(thrown instanceof DocumentsFailed)) throw thrown;
    // It has read all it was to read: its letters replace those of earlier runs.
    await deadLetters.settle();
    throw new DocumentsFailed(thrown.index, thrown.failed, options.deadLetters ?? lettersOfAll(asked.to, options));
  }
}

/** What it would take, as JSON or for a person. */
async function tellEstimate(
  engine: Engine,
  source: string,
  {
    machines,
    hourPrice,
    json,
    ...options
  }: EstimateOptions & Pick<ReindexCommandOptions, 'machines' | 'hourPrice' | 'json'>,
): Promise<void> {
  const { estimate } = await import('../ingest/reindex/estimate.js');
  const { amongMachines } = await import('../ingest/reindex/among-machines.js');
  const { estimateText } = await import('./estimate-text.js');
  const whole = await estimate(engine, source, options);
  const each = machines === undefined ? undefined : amongMachines(whole, machines, hourPrice);
  if (json) printJson({ ...whole, ...(each && { each }) });
  else print(estimateText(whole, each));
}

/** What was asked for, as the room takes it. */
async function checkAsked(source: string | undefined, options: ReindexCommandOptions) {
  const { InvalidOption } = await import('./invalid-option.js');
  const { to, inPlace, alias, follow, retryDeadLetters, dryRun, machines, hourPrice } = options;
  const refuse = (found: string, remedy: string) => new InvalidOption({ asked: 'a reindex', found, remedy });
  const usage = 'Write termweave reindex SOURCE --to COPY, or termweave reindex INDEX --in-place';
  if (source === undefined) throw refuse('no source', usage);
  if (!inPlace && to === undefined) throw refuse('no --to', usage);
  if (inPlace && (to ?? alias ?? follow ?? retryDeadLetters) !== undefined) {
    throw refuse(
      '--in-place beside --to, --alias, --follow or --retry-dead-letters',
      'In place there is no copy to name, to follow with or to move an alias to; the same command again brings what is missing',
    );
  }
  if ((machines !== undefined && !dryRun) || (hourPrice !== undefined && machines === undefined)) {
    throw refuse(
      machines === undefined ? '--hour-price without --machines' : '--machines without --dry-run',
      'They divide an estimate: write --dry-run --machines N --hour-price PRICE. To cut a reindex, --slice I/N on each machine',
    );
  }
  return {
    source,
    to: to ?? source,
    ...options.text,
    passages: passagesAsked(options),
    pruning: options.prune?.spec,
    query: options.query === undefined ? undefined : jsonObject(options.query, '--query'),
  };
}

/** Shows progress, on stderr for a person and on stdout for a machine, and which texts were cut or empty. @returns the result, which comes last. */
async function showProgress<T extends { readonly done: true }>(
  reports: AsyncIterable<T | (IngestReport & { readonly done?: undefined; readonly share?: number })>,
  progress: IngestProgress,
  json: boolean | undefined,
): Promise<T> {
  let printed = 0;
  let last: IngestReport | undefined;
  for await (const report of reports) {
    if (report.done) {
      progress[Symbol.dispose]();
      if (last) sayOfTexts(last);
      return report;
    }
    last = report;
    progress.show(report, report.share);
    if (!json || performance.now() - printed < PROGRESS_EVERY_MS) continue;
    printed = performance.now();
    printJson(report);
  }
  throw new Error('it ended without a result');
}

const PROGRESS_EVERY_MS = 1000;

function tell(
  result: AddVectorsResult | ReindexResult,
  to: string,
  { json, alias }: ReindexCommandOptions,
  deadLetters: string,
): void {
  const { documents, failed, verified, seconds, vectors, scores } = result;
  if (failed > 0) {
    say(pc.red(`${failed} failed: see ${deadLetters}`));
    process.exitCode = ExitCode.negative;
  }
  if (json) {
    printJson(result);
    return;
  }
  const waitingFor = 'waitingFor' in result ? result.waitingFor : 0;
  print(`${documents} documents in ${to}, ${seconds.toFixed(1)} s`);
  const shown = scores > 0 ? `${vectors} vectors and ${scores} scores verified` : 'nothing to verify: no documents';
  if (verified) print(`${shown}${alias ? `; alias ${alias} moved` : ''}`);
  else if (waitingFor === 0)
    print(
      'nothing verified: another process does it, no document has text to make a query of, or others have written what was looked at',
    );
  else print(`${waitingFor} slices are not done; whichever is last verifies${alias ? ' and moves the alias' : ''}`);
}

/** A slice reads what no other one does. */
function sourceNamed(source: string, { slice }: ReindexCommandOptions): string {
  return slice ? `${source} ${slice.part + 1}/${slice.of}` : source;
}

/** Each slice its own: several may run in one folder. */
function deadLettersOf(to: string, { slice }: ReindexCommandOptions): string {
  return slice ? `${to}.${slice.part + 1}of${slice.of}.dead-letters.jsonl` : `${to}.dead-letters.jsonl`;
}

/** The files of all slices: documents of any of them keep the alias where it is. */
function lettersOfAll(to: string, { slice }: ReindexCommandOptions): string {
  return slice ? `${to}.*of${slice.of}.dead-letters.jsonl` : `${to}.dead-letters.jsonl`;
}

async function showStatus(copy: string, options: EngineOptions & { readonly json?: boolean }): Promise<void> {
  const { runStatus } = await import('../ingest/reindex/run-status.js');
  await using engine = await openEngine(options);
  const status = await runStatus(engine, copy, { signal: interruption });
  if (options.json) return printJson(status);
  const { source, state, slices, missing } = status;
  print(`${source} into ${copy}: ${state}`);
  print(
    tableOf(
      ['slice', 'state', 'documents', 'failed'],
      slices.map((one) => [`${one.part}/${one.of}`, one.state, one.documents, one.failed]),
    ),
  );
  if (missing.length > 0) print(`not begun: ${missing.join(', ')}`);
}
