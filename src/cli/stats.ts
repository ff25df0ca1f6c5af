import type { Command } from 'commander';
import type {
  StatisticsContext,
  TermStatistics,
  VectorStatistics,
  VectorTally,
} from '../evaluate/statistics/vector-statistics.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { openEngine } from './engine-options.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { conflicts } from './option-rules.js';
import { print, printJson, tableOf } from './output.js';

const EXAMPLES = `
FLOPS is the number of multiplications to expect for a query and a document; without --queries, documents stand for queries.
With --texts the index's model is loaded: terms that are not in its vocabulary, and texts that are longer than it takes, are flagged.

Examples:
  $ termweave stats books
  $ termweave stats books --texts
  $ termweave stats books --queries queries.txt
  $ termweave stats --vectors vectors.jsonl.gz --json | jq .costliest`;

interface StatsOptions extends IndexAndEncoderOptions {
  readonly texts?: boolean;
  readonly queries?: string;
  readonly vectors?: string;
  readonly json?: boolean;
}

/** `termweave stats [INDEX]`: what the vectors of an index, or of a file, are like and cost. */
export function addStats(program: Command): void {
  const command = program
    .command('stats [index]')
    .description('count what vectors hold and cost: entries, posting lists, FLOPS, the terms that cost most')
    .option('--texts', 'look at the texts of the index and the vocabulary of its model, too')
    .option(
      '--queries <FILE>',
      'FLOPS by these queries, by the index\'s model: JSONL of {"_id","text"}, or a text a line',
    )
    .option('--vectors <FILE>', 'a file instead: JSONL with "terms" or "vector": {token: weight}')
    .option('--json', 'one JSON value: {"vectors","nonZeros","postings","flops","costliest","flags",…}');
  conflicts(command, '--vectors', '--texts', '--queries');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(stats);
}

async function stats(index: string | undefined, options: StatsOptions): Promise<void> {
  if (index !== undefined && options.vectors) {
    const remedy = 'Name the one or the other';
    throw new InvalidOption({ asked: 'vectors to count', found: `index ${index} beside --vectors`, remedy });
  }
  const { VectorTally } = await import('../evaluate/statistics/vector-statistics.js');
  const tally = new VectorTally();
  const beside = options.vectors ? await countFile(tally, options.vectors) : await countIndex(tally, index, options);
  const statistics = tally.statistics(beside);
  if (options.json) printJson(statistics);
  else print(asText(statistics));
}

async function countFile(tally: VectorTally, file: string): Promise<StatisticsContext> {
  const { vectorsOfFile } = await import('../evaluate/statistics/vectors-file.js');
  for await (const vector of vectorsOfFile(file)) tally.add(vector);
  return {};
}

async function countIndex(
  tally: VectorTally,
  name: string | undefined,
  options: StatsOptions,
): Promise<StatisticsContext> {
  if (name === undefined) {
    const remedy = 'Name an index, or a file with --vectors';
    throw new InvalidOption({ asked: 'vectors to count', found: 'neither an index nor --vectors', remedy });
  }
  if (options.texts || options.queries) return countByModel(tally, name, options);
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  await using engine = await openEngine(options);
  await countVectors(tally, await SparseIndex.open(engine, name, { field: options.field, signal: interruption }));
  return {};
}

/** What only the index's model can tell. */
async function countByModel(tally: VectorTally, name: string, options: StatsOptions): Promise<StatisticsContext> {
  const { readQueryTexts } = await import('./query-texts.js');
  const { cutTexts } = await import('../evaluate/statistics/cut-texts.js');
  const queries = options.queries === undefined ? [] : await readQueryTexts(options.queries);
  await using opened = await openIndexAndEncoder(name, options);
  const { index, encoder } = opened;
  const texts = queries.map(({ text }) => text);
  const encoded = await encoder.encode(texts, { as: 'query', signal: interruption });
  for (const { vector } of encoded) tally.addQuery(vector.heaviestFirst().map(({ token }) => token));
  await countVectors(tally, index);
  if (!options.texts) return {};
  return { vocabulary: encoder.vocabulary, texts: await cutTexts(index, encoder, { signal: interruption }) };
}

async function countVectors(tally: VectorTally, index: SparseIndex): Promise<void> {
  const { indexVectors } = await import('../evaluate/statistics/index-vectors.js');
  for await (const { terms } of indexVectors(index, interruption)) tally.add(terms);
}

const SHOWN = 10;

function asText(statistics: VectorStatistics): string {
  const { vectors, nonZeros, terms, postings, flops, shareOfTop100, estimatedBytes, vocabulary, flags } = statistics;
  const spread = tableOf(
    ['', 'mean', 'p50', 'p95', 'most'],
    [
      ['entries a vector', ...[nonZeros.mean, nonZeros.p50, nonZeros.p95, nonZeros.most].map(Math.round)],
      ['documents a term', ...[postings.mean, postings.p50, postings.p95, postings.most].map(Math.round)],
    ],
  );
  const facts = [
    `${vectors} vectors, ${terms} terms, FLOPS ${flops.toFixed(2)}, ${(100 * shareOfTop100).toFixed(1)} % of the weight in the 100 heaviest terms`,
    `postings: about ${(estimatedBytes / 1e6).toFixed(1)} MB, ${Math.round(estimatedBytes / Math.max(1, vectors))} bytes a document (estimated)`,
    ...(vocabulary ? [`${vocabulary.unused} of ${vocabulary.size} entries of the vocabulary are in no vector`] : []),
  ];
  const costly = tableOf(
    ['costs most, decides least', 'documents', 'share of weight', 'deviation'],
    rowsOf(statistics.costliest),
  );
  return [...facts, spread, costly, ...flags.map((flag) => `! ${flag}`)].join('\n\n');
}

function rowsOf(terms: readonly TermStatistics[]) {
  return terms
    .slice(0, SHOWN)
    .map(({ token, documents, share, deviation }) => [
      JSON.stringify(token),
      documents,
      `${(100 * share).toFixed(2)} %`,
      deviation.toFixed(3),
    ]);
}
