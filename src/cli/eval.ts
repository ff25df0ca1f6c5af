import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import type { SystemsReport } from '../evaluate/evaluate-systems.js';
import type { Qrels } from '../evaluate/measures/judgements.js';
import type { Measure } from '../evaluate/measures/measure.js';
import type { TieOrder } from '../evaluate/measures/trec-order.js';
import type { EncodedTopic } from '../evaluate/systems/system.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import {
  type CollectionOptions,
  openCollectionIndex,
  readJudgedTopics,
  withCollectionOptions,
} from './collection-options.js';
import { groupsJson, groupsText, systemsText } from './eval-text.js';
import { withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { needs } from './option-rules.js';
import { naturalNumber } from './option-values.js';
import { print, printJson, say } from './output.js';
import { mustTakeFile, mustTakeFolder } from './place-to-write.js';

const EXAMPLES = `
DIR is a collection in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv (each also .gz), or with queries and judgements as TREC has them: topics.tsv
(id, tab, text), qrels.txt; or leave it out and name --queries and --qrels.
Means are over all judged queries. Ties are in trec_eval's order (ids descending) unless --ties id puts them in ascending order. Latency is that of one query at a time, as seen from here.
splade+quantise(…) reads the index's vectors into this process and ranks them as a system of whole numbers would: scale(100), bits(8), featureField, none.
'score ±' is the largest distance from splade's score of the same document.

Examples:
  $ termweave eval scifact --url memory:
  $ termweave eval scifact --index scifact --systems "bm25,splade,splade+prune(topK 32),two-phase,hybrid(rrf),hybrid(sum 0.3)" --html report.html
  $ termweave eval scifact --url memory: --systems "splade,splade+quantise(scale(100)),splade+quantise(bits(8)),splade+quantise(bits(4))"
  $ termweave eval --index books --queries queries.jsonl --qrels clicks.tsv --measures RR@10,Judged@10 --json`;

interface EvalOptions extends CollectionOptions {
  readonly systems: string;
  readonly measures: string;
  readonly depth?: number;
  readonly ties: TieOrder;
  readonly runDir?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly perQuery?: boolean;
  readonly weakSpots?: boolean;
}

/** `termweave eval [DIR]`: how good the answers are, by judged queries. */
export function addEval(program: Command): void {
  const command = program
    .command('eval [dir]')
    .description('judge BM25, SPLADE and hybrids on judged queries: measures, tests, run files, a page')
    .option(
      '--systems <LIST>',
      'bm25, splade, splade+prune(PRUNING), splade+quantise(QUANTISATION), two-phase, rescore(WINDOW), hybrid(rrf), hybrid(sum W)',
      'bm25,splade,hybrid(rrf)',
    )
    .option('--measures <LIST>', 'nDCG@10, R@100, RR@10, AP, P@5, Success@5, Judged@10, …', 'nDCG@10,R@100')
    .option('--depth <N>', 'documents asked for (default: the largest cutoff, 100 at least)', naturalNumber)
    .addOption(
      new Option('--ties <ORDER>', 'how equal scores are ranked before judging')
        .choices(['trec_eval', 'id'])
        .default('trec_eval'),
    )
    .option('--run-dir <DIR>', 'write each system’s run there, in TREC’s format')
    .option('--html <FILE>', 'write a page with plots, wins and losses, and the terms that made them')
    .option(
      '--weak-spots',
      'the means by kind of query where SPLADE may be weak: short, identifiers, unknown words, other scripts',
    )
    .option('--per-query', 'with --json: every query’s values too')
    .option('--json', 'one JSON value: {"systems":{NAME:{MEASURE: mean}},"queries",…}');
  needs(command, '--per-query', '--json');
  withIndexAndEncoderOptions(withCollectionOptions(command), { memory: true })
    .addHelpText('after', EXAMPLES)
    .action(evaluate);
}

async function evaluate(folder: string | undefined, options: EvalOptions): Promise<void> {
  const { parseSystems } = await import('../evaluate/systems/parse-system.js');
  const { parseMeasures } = await import('../evaluate/measures/parse-measure.js');
  const { evaluateSystems } = await import('../evaluate/evaluate-systems.js');
  const { encodeTopics } = await import('../evaluate/systems/encode-topics.js');
  const { searchedIndexOf } = await import('../evaluate/systems/searched-index.js');
  const systems = parseSystems(options.systems);
  const measures = parseMeasures(options.measures);
  mustReach(options.depth, measures);
  if (options.runDir) await mustTakeFolder(options.runDir, '--run-dir');
  if (options.html) await mustTakeFile(options.html, '--html', { beside: false });
  const { topics, qrels } = await readJudgedTopics(folder, options);
  await using opened = await openCollectionIndex(folder, options);
  const encoded = await encodeTopics(opened.encoder, topics, interruption);
  const report = await evaluateSystems(
    searchedIndexOf(opened.index, options.lexical),
    encoded,
    qrels,
    systems,
    measures,
    {
      depth: options.depth,
      ties: options.ties,
      signal: interruption,
      onSystem: (name) => say(`${name}: ${topics.length} queries`),
      onPairs: (pairs) => pairs > 0 && say(`${pairs} pairs of systems to test, on ${measures.length} measures`),
    },
  );
  if (options.runDir) await writeRuns(options.runDir, report);
  if (options.html) await writePage(options.html, opened.index, encoded, qrels, report, folder);
  const { reportJson } = await import('../evaluate/report/report-json.js');
  const { byWeakSpot } = await import('../evaluate/report/by-weak-spot.js');
  const groups = options.weakSpots ? byWeakSpot(report, encoded) : undefined;
  if (options.json) printJson({ ...reportJson(report, options), ...(groups && { weakSpots: groupsJson(groups) }) });
  else print([systemsText(report), ...(groups ? [groupsText(groups)] : [])].join('\n\n'));
}

/** @throws {InvalidOption} for fewer documents than a measure looks at: it would be another measure under its name. */
function mustReach(depth: number | undefined, measures: readonly Measure[]): void {
  const deeper = measures.find(({ cutoff }) => Number.isFinite(cutoff) && cutoff > (depth ?? cutoff));
  if (!deeper) return;
  const found = `${deeper.name}, which looks at ${deeper.cutoff} documents`;
  throw new InvalidOption({ asked: `--depth ${depth}`, found, remedy: `Give --depth ${deeper.cutoff} or more` });
}

async function writeRuns(folder: string, { systems }: SystemsReport): Promise<void> {
  const { formatRun, runTags } = await import('../evaluate/files/run-file.js');
  await mkdir(folder, { recursive: true });
  for (const [name, tag] of runTags(systems.keys()))
    await writeFile(join(folder, `${tag}.run`), formatRun(systems.get(name)!.run, tag));
}

async function writePage(
  file: string,
  index: SparseIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  report: SystemsReport,
  folder: string | undefined,
): Promise<void> {
  const { htmlReport } = await import('../evaluate/report/html-report.js');
  const { duelsOf } = await import('../evaluate/report/duels-of.js');
  const duels = await duelsOf(index, topics, qrels, report, interruption);
  const { flavour, text } = index.engine.version;
  const facts = [
    `${folder ?? index.name}: ${report.queries} judged queries; index ${index.name} on ${flavour} ${text}`,
    `Vectors of ${index.plan.model.id}, texts cut at ${index.plan.model.maxTokens} tokens, documents pruned: ${index.plan.vectors[index.field]!.pruning}`,
  ];
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, htmlReport({ title: 'Evaluation', facts, report, duels }));
}
