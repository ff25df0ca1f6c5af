import type { Command } from 'commander';
import type { Topic } from '../evaluate/files/beir-collection.js';
import type { Qrels } from '../evaluate/measures/judgements.js';
import type { Precision } from '../model/model-identity.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { type IndexAndEncoder, type IndexAndEncoderOptions, openIndexAndEncoder } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { modelAccess, precisionOption } from './model-options.js';
import { conflicts } from './option-rules.js';
import { nameList } from './option-values.js';
import { say } from './output.js';

/** The options of every command that asks a collection's judged queries. */
export interface CollectionOptions extends IndexAndEncoderOptions {
  readonly index?: string;
  readonly split: string;
  readonly qrels?: string;
  readonly queries?: string;
  readonly lexical?: string[];
  readonly analyzer: string;
  readonly precision?: Precision;
}

/** Adds the options that say which index, queries and judgements. */
export function withCollectionOptions(command: Command): Command {
  command
    .option('--index <NAME>', 'the index that holds the documents; with --url memory: it is made of DIR')
    .option('--split <NAME>', "the judgements' split: qrels/NAME.tsv", 'test')
    .option('--qrels <FILE>', 'judgements from elsewhere: TREC or BEIR columns, or two of clicks (query, document)')
    .option('--queries <FILE>', 'queries from elsewhere: JSONL of {"_id","text"}')
    .option(
      '--lexical <FIELDS>',
      'the text fields that BM25 searches, by commas (default: those of the vectors)',
      nameList,
    )
    .addOption(precisionOption('with --url memory: '))
    .option('--analyzer <NAME>', 'with --url memory: english or standard', 'english');
  return conflicts(command, '--qrels', '--split');
}

/** Queries that somebody judged, and the judgements. */
export interface JudgedTopics {
  readonly topics: readonly Topic[];
  readonly qrels: Qrels;
}

/** Reads the queries and judgements of a collection, or of the files named. */
export async function readJudgedTopics(folder: string | undefined, options: CollectionOptions): Promise<JudgedTopics> {
  const { BeirCollection } = await import('../evaluate/files/beir-collection.js');
  const { readQrels } = await import('../evaluate/files/qrels-file.js');
  const collection = folder === undefined ? undefined : new BeirCollection(folder);
  const qrels = options.qrels
    ? await readQrels(options.qrels)
    : await needed(collection, '--qrels').qrels(options.split);
  const topics = options.queries
    ? (await (await import('./query-texts.js')).readQueryTexts(options.queries)).filter(({ id }) => qrels.has(id))
    : await needed(collection, '--queries').topics(qrels);
  const missing = qrels.size - topics.length;
  if (topics.length === 0) {
    const found = 'no query has both words and judgements';
    throw new InvalidOption({
      asked: 'judged queries',
      found,
      remedy: 'Check that the ids of queries and judgements agree',
    });
  }
  mustBeOnce(topics);
  if (missing > 0) say(`${missing} judged queries have no words: they count as 0`);
  return { topics, qrels };
}

/** Of two queries with one id, measures would count one, costs both. @throws {InvalidOption} */
function mustBeOnce(topics: readonly Topic[]): void {
  const seen = new Set<string>();
  for (const { id } of topics) {
    if (seen.has(id)) {
      const remedy = 'Give each query an id of its own';
      throw new InvalidOption({ asked: 'judged queries', found: `query ${JSON.stringify(id)} twice`, remedy });
    }
    seen.add(id);
  }
}

function needed<T>(collection: T | undefined, option: string): T {
  if (collection !== undefined) return collection;
  throw new InvalidOption({
    asked: 'queries and judgements',
    found: `neither a folder nor ${option}`,
    remedy: 'Give a folder in BEIR’s layout, or --queries FILE and --qrels FILE',
  });
}

/**
 * Opens the index, with the encoder of its model; for `memory:`, encodes and indexes the folder first.
 * @throws {InvalidOption} for fields of `--lexical` that the index does not have: BM25 would find nothing by them.
 */
export async function openCollectionIndex(
  folder: string | undefined,
  options: CollectionOptions,
): Promise<IndexAndEncoder> {
  const opened = await openIndexOf(folder, options);
  try {
    await mustHaveFields(opened.index, options.lexical ?? []);
    return opened;
  } catch (thrown) {
    await opened[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function mustHaveFields({ name, description }: SparseIndex, fields: readonly string[]): Promise<void> {
  const { mappedField } = await import('../mapping/mapped-field.js');
  const { textFieldsIn } = await import('../ingest/reindex/text-fields.js');
  const { mappings } = description;
  const unknown = fields.filter((field) => !mappedField(mappings, field));
  if (unknown.length === 0) return;
  throw new InvalidOption({
    asked: `--lexical ${fields.join()}`,
    found: `no ${unknown.join(', ')} in index ${name}; its fields for words: ${textFieldsIn(mappings).join(', ') || 'none'}`,
    remedy: 'Name fields that the index has',
  });
}

async function openIndexOf(folder: string | undefined, options: CollectionOptions): Promise<IndexAndEncoder> {
  if ((options.url ?? process.env.TERMWEAVE_URL) === 'memory:') return indexInMemory(needed(folder, 'DIR'), options);
  if (options.index !== undefined) return openIndexAndEncoder(options.index, options);
  throw new InvalidOption({
    asked: 'an index to search',
    found: 'no --index',
    remedy: 'Make one with `termweave index`, or use --url memory: to index the folder inside this process',
  });
}

async function indexInMemory(folder: string, options: CollectionOptions): Promise<IndexAndEncoder> {
  const { connect } = await import('../engine/connect.js');
  const { loadEncoder } = await import('../encoder/load-encoder.js');
  const { indexCollection } = await import('../evaluate/index-collection.js');
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  const name = options.index ?? 'collection';
  const engine = await connect('memory:');
  const encoder = await loadEncoder(options.model, {
    ...modelAccess(),
    precision: options.precision,
    device: options.device,
  });
  let last: { indexed: number; failed: number; truncated: number } | undefined;
  for await (const report of indexCollection(engine, name, folder, { ...options, encoder, signal: interruption })) {
    last = report;
  }
  const { indexed = 0, failed = 0, truncated = 0 } = last ?? {};
  say(
    `${indexed} documents indexed in memory, ${failed} refused, ${truncated} cut at ${encoder.identity.maxTokens} tokens`,
  );
  const index = await SparseIndex.open(engine, name, { field: options.field, signal: interruption });
  return { index, encoder, [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose]() };
}
