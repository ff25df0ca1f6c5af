import { type Command, Option } from 'commander';
import type { Compression } from '../export/compression.js';
import type { VectorOrigin } from '../export/export-vectors.js';
import type { FormatName } from '../export/formats.js';
import { parsePruning } from '../sparse/pruning.js';
import { withEngineOptions } from './engine-options.js';
import { refusalTeller, report } from './export-report.js';
import { ExportSources, type SourceOptions } from './export-sources.js';
import { interruption } from './interruption.js';
import { withModelOptions } from './model-options.js';
import { naturalNumber } from './option-values.js';
import { mustTakeFolder } from './place-to-write.js';

interface ExportOptions extends SourceOptions {
  readonly out: string;
  readonly queries?: string;
  readonly quantise?: string;
  readonly compress: Compression;
  readonly documentsPerPart?: number;
  readonly skipBroken?: boolean;
  readonly json?: boolean;
}

const FORMATS: readonly FormatName[] = [
  'vespa',
  'anserini',
  'lucene',
  'lucene-features',
  'tantivy',
  'ciff',
  'seismic',
  'csr',
  'terms',
];

const EXAMPLES = `
Killed or broken off, the same command goes on after its last whole part, to the same files; of an index that was written to
meanwhile it starts over.

Examples:
  $ termweave export anserini --from corpus.jsonl --queries queries.jsonl --out anserini
  $ termweave export vespa --from books --url http://localhost:9200 --quantise 'bits(8)' --out vespa
  $ termweave export ciff --from vectors.jsonl.gz --compress gzip --out ciff`;

/** `termweave export FORMAT` */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('vectors to another system: Vespa, Anserini, Lucene, Tantivy, CIFF, Seismic, sparse matrices')
    .argument('<FORMAT>', FORMATS.join(', '))
    .requiredOption(
      '--from <INDEX|FILE>',
      'an index, or a file: JSONL of {"id","terms"}, or texts ({"_id","title","text"}; also CSV, TSV, Parquet, - for standard input)',
    )
    .requiredOption('--out <FOLDER>', 'an empty or a new folder; or one where this export was interrupted')
    .option('--queries <FILE>', 'queries to write as well: a file like that of --from')
    .option('--field <FIELD>', "the index's vector field (default: the first of its plan)")
    .option(
      '--prune <PRUNING>',
      'of the documents of a file of texts, as in topK(128) (default: keep all)',
      parsePruning,
    )
    .option(
      '--quantise <SPEC>',
      'none, scale(100), bits(8), featureField (default: scale(100) where whole numbers are needed)',
    )
    .addOption(new Option('--compress <HOW>', 'how files are packed').choices(['none', 'gzip', 'zstd']).default('none'))
    .option('--documents-per-part <N>', 'what is lost at most when it is killed (default: 10000)', naturalNumber)
    .option('--skip-broken', 'leave out lines that cannot be used, and count them')
    .option('--json', 'one JSON object: {"documents","queries","files","loss"}')
    .addHelpText('after', EXAMPLES);
  withModelOptions(withEngineOptions(command)).action(runExport);
}

async function runExport(written: string, options: ExportOptions): Promise<void> {
  const { formatNamed } = await import('../export/formats.js');
  const { exportVectors } = await import('../export/export-vectors.js');
  const { parseQuantisation } = await import('../export/quantisation.js');
  const format = formatNamed(written);
  const quantisation = options.quantise === undefined ? undefined : parseQuantisation(options.quantise);
  await mustTakeFolder(options.out, '--out');
  await using sources = new ExportSources(options);
  const { documents, state } = await sources.documents();
  const queries = options.queries === undefined ? undefined : await sources.file(options.queries, 'query');
  const manifest = await exportVectors({
    format,
    folder: options.out,
    documents,
    queries,
    origin: () => sources.origin,
    stamp: { of: await stampOf(written, options, sources.origin), state },
    quantisation,
    compression: options.compress,
    documentsPerPart: options.documentsPerPart,
    signal: interruption,
    ...(options.skipBroken && { onRefused: refusalTeller() }),
  });
  await report(manifest, options.json);
}

/**
 * Data, what makes their vectors and settings in one line: what must be the same for an interrupted export to go on. The encoder says itself
 * what it is, whichever options made it so.
 */
async function stampOf(format: string, options: ExportOptions, origin: VectorOrigin): Promise<string> {
  const { dataStamp } = await import('../export/data-stamp.js');
  const { from, field, quantise, compress, documentsPerPart, skipBroken } = options;
  const data = [await dataStamp(from), options.queries && (await dataStamp(options.queries))];
  return JSON.stringify([...data, origin, format, field, quantise, compress, documentsPerPart, skipBroken]);
}
