import type { Command } from 'commander';
import type { SystemResult } from '../evaluate/evaluate-systems.js';
import type { Topic } from '../evaluate/files/beir-collection.js';
import type { Measure } from '../evaluate/measures/measure.js';
import type { TuneOptions } from '../evaluate/tuning/tune.js';
import {
  type CollectionOptions,
  openCollectionIndex,
  readJudgedTopics,
  withCollectionOptions,
} from './collection-options.js';
import { withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { nameList, naturalNumber } from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';
import { tuningText, validationJson, validationText } from './tuning-text.js';

const REFERENCE = 'splade';

const EXAMPLES = `
Every candidate is run twice on the engine that is named: as deep as the measure looks, and for a page (--size), which is timed, each query by all candidates in turn. One half of the queries, every other one, chooses; the other half, which nothing was chosen
by, checks. The best of many looks better than it is: of
prunings and two phases, the one that answers most as unpruned SPLADE does counts, unless another leads it by more than one standard error of their difference; BM25 where it is better than that one; both together, as a hybrid or by rescore, where they lead so. Without judgements (none in DIR, no --qrels), a candidate is as good as it agrees with unpruned SPLADE: rank-biased overlap. Exit code 1 where the budget allows no candidate.

Examples:
  $ termweave tune scifact --index scifact --budget "p95 < 30"
  $ termweave tune scifact --index scifact --prune-documents "topK(128),topK(64)" --budget "bytes < 0.6x"
  $ termweave tune --index books --queries queries.txt --budget "p50 < 0.5x"
  $ termweave tune scifact --url memory: --budget "p50 < 0.5x" --write termweave.config.json`;

interface TuneCommandOptions extends CollectionOptions {
  readonly systems?: string;
  readonly measure?: string;
  readonly pruneDocuments?: string[];
  readonly budget?: string;
  readonly size?: number;
  readonly folds?: number;
  readonly write?: string;
  readonly json?: boolean;
}

/** `termweave tune [DIR]`: which way to search, for a budget, by judged queries. */
export function addTune(program: Command): void {
  const command = program
    .command('tune [dir]')
    .description('find the best way to search within a budget: query pruning, two phases, rescoring, hybrids')
    .option('--systems <LIST>', 'the candidates (default: a grid of them)')
    .option('--measure <NAME>', 'what is to be large (default: nDCG@10; RBO without judgements)')
    .option(
      '--prune-documents <LIST>',
      'prunings of documents to try too, by commas, each on a copy of the index that is deleted again: topK(64),ratioOfMax(0.1)',
      nameList,
    )
    .option('--budget <BOUND>', '"p95 < 30" (ms), "clauses < 64", "bytes < 0.6x", or "p50 < 0.5x" of unpruned SPLADE')
    .option(
      '--size <N>',
      "documents of the page that is judged, and whose cost is measured (default: 10, or the measure's cutoff)",
      naturalNumber,
    )
    .option(
      '--folds <N>',
      'cross-validate the choice too: each of N folds is answered by what was chosen on the others',
      naturalNumber,
    )
    .option(
      '--write <FILE>',
      'put the pick into this configuration file, as search.system, for --config of translate and gateway',
    )
    .option('--json', 'one JSON value: {"candidates","pick","check",…}');
  withIndexAndEncoderOptions(withCollectionOptions(command), { memory: true })
    .addHelpText('after', EXAMPLES)
    .action(tuneSearch);
}

async function tuneSearch(folder: string | undefined, options: TuneCommandOptions): Promise<void> {
  const { parseBudget } = await import('../evaluate/tuning/budget.js');
  const { tune } = await import('../evaluate/tuning/tune.js');
  const { openConfiguration } = await import('./tuned-configuration.js');
  const budget = options.budget === undefined ? undefined : parseBudget(options.budget);
  const configuration = options.write === undefined ? undefined : await openConfiguration(options.write);
  const { measure, systems } = await measureCandidates(folder, options);
  const isDevelopment = (_query: string, position: number) => position % 2 === 0;
  const reading = { measure, isDevelopment, budget, reference: REFERENCE, signal: interruption };
  const tuning = await tune(systems, reading);
  const validated = options.folds === undefined ? undefined : await crossValidated(systems, reading, options.folds);
  if (options.json) printJson({ ...tuning, ...(validated && { crossValidation: validationJson(validated) }) });
  else print([tuningText(tuning), ...(validated ? [validationText(validated)] : [])].join('\n'));
  if (!tuning.pick) process.exitCode = ExitCode.negative;
  else await configuration?.write(tuning.pick.name);
}

async function measureCandidates(folder: string | undefined, options: TuneCommandOptions) {
  const { parseMeasures } = await import('../evaluate/measures/parse-measure.js');
  const { encodeTopics } = await import('../evaluate/systems/encode-topics.js');
  const { parseSystems } = await import('../evaluate/systems/parse-system.js');
  const { searchedIndexOf } = await import('../evaluate/systems/searched-index.js');
  const { APPROXIMATIONS, CANDIDATES } = await import('../evaluate/tuning/candidates.js');
  const { runCandidates } = await import('../evaluate/tuning/run-candidates.js');
  const judged = options.qrels !== undefined || (await isJudged(folder));
  const usual = judged ? CANDIDATES : APPROXIMATIONS;
  const candidates = parseSystems([REFERENCE, options.systems ?? usual.join()].join());
  const measure = onlyOne(parseMeasures(options.measure ?? (judged ? 'nDCG@10' : 'RBO')));
  const documentPrunings = await prunings(options.pruneDocuments ?? []);
  const { topics, qrels } = judged ? await readJudgedTopics(folder, options) : await readTopics(folder, options);
  mustFold(options.folds, qrels?.size ?? topics.length);
  if (!qrels) say(`nobody judged: candidates are measured by their agreement with ${REFERENCE}`);
  await using opened = await openCollectionIndex(folder, options);
  const encoded = await encodeTopics(opened.encoder, topics, interruption);
  const systems = await runCandidates(searchedIndexOf(opened.index, options.lexical), encoded, candidates, {
    qrels,
    measure,
    page: options.size,
    documentPrunings,
    vocabulary: opened.encoder.vocabulary,
    signal: interruption,
    onSystem: say,
  });
  return { measure: measure.name, systems };
}

/** @throws {InvalidOption} where there are not as many queries as folds, before any candidate is run. */
function mustFold(folds: number | undefined, queries: number): void {
  if (folds === undefined || (folds >= 2 && folds <= queries)) return;
  const remedy = `Give from 2 to ${queries}`;
  throw new InvalidOption({ asked: `${folds} folds`, found: `${queries} queries`, remedy });
}

/** BM25 and SPLADE alone: what a choice between them and both must not be worse than. */
const ALONE = ['bm25', REFERENCE];

async function crossValidated(systems: ReadonlyMap<string, SystemResult>, reading: TuneOptions, folds: number) {
  const { crossValidate } = await import('../evaluate/tuning/cross-validate.js');
  const { measure, budget, reference, signal } = reading;
  const within = budget && { budget, full: systems.get(reference)!.cost };
  const references = ALONE.filter((name) => systems.has(name));
  return crossValidate(systems, measure, { folds, reference, references, within, signal });
}

async function prunings(written: readonly string[]) {
  const { parsePruning } = await import('../sparse/pruning.js');
  return written.map(parsePruning);
}

/** @throws {InvalidOption} */
function onlyOne(measures: readonly Measure[]): Measure {
  const [measure, ...others] = measures;
  if (measure && others.length === 0) return measure;
  const found = measures.map(({ name }) => name).join(', ');
  throw new InvalidOption({ asked: 'one --measure to choose by', found, remedy: 'Name one of them' });
}

async function isJudged(folder: string | undefined): Promise<boolean> {
  const { BeirCollection } = await import('../evaluate/files/beir-collection.js');
  return folder !== undefined && new BeirCollection(folder).isJudged();
}

async function readTopics(
  folder: string | undefined,
  { queries }: TuneCommandOptions,
): Promise<{ topics: Topic[]; qrels?: undefined }> {
  if (queries !== undefined) return { topics: await (await import('./query-texts.js')).readQueryTexts(queries) };
  if (folder !== undefined) {
    const { BeirCollection } = await import('../evaluate/files/beir-collection.js');
    return { topics: await new BeirCollection(folder).topics({ has: () => true }) };
  }
  throw new InvalidOption({
    asked: 'queries to tune by',
    found: 'neither a folder nor --queries',
    remedy: 'Give a folder in BEIR’s layout, or --queries FILE (with --qrels FILE where they were judged)',
  });
}
