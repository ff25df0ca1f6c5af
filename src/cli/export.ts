import { stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Encoder } from '../encoder/encoder.js';
import type { Compression } from '../export/compression.js';
import type { BrokenLine } from '../export/export-faults.js';
import type { ExportManifest, VectorOrigin } from '../export/export-vectors.js';
import type { FormatName } from '../export/formats.js';
import type { ReadOptions } from '../export/read-vectors.js';
import type { FileVectorOptions } from '../export/sources/file-vectors.js';
import type { TokenVector } from '../export/token-vector.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';

interface ExportOptions extends EngineOptions, ModelOptions {
  readonly from: string;
  readonly out: string;
  readonly queries?: string;
  readonly field?: string;
  readonly quantise?: string;
  readonly compress: Compression;
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
Examples:
  termweave export anserini --from corpus.jsonl --queries queries.jsonl --out anserini
  termweave export vespa --from products --url http://localhost:9200 --quantise 'bits(8)' --out vespa
  termweave export ciff --from vectors.jsonl.gz --compress gzip --out ciff`;

/** `termweave export FORMAT` */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('vectors to another system: Vespa, Anserini, Lucene, Tantivy, CIFF, Seismic, sparse matrices')
    .argument('<FORMAT>', FORMATS.join(', '))
    .requiredOption(
      '--from <INDEX|FILE>',
      'an index, or a JSONL file of {"id","terms"} or of texts ({"_id","title","text"})',
    )
    .requiredOption('--out <FOLDER>', 'an empty or a new folder; or one where this export was interrupted')
    .option('--queries <FILE>', 'queries to write as well: a JSONL file like that of --from')
    .option('--field <FIELD>', "the index's vector field (default: the first of its plan)")
    .option(
      '--quantise <SPEC>',
      'none, scale(100), bits(8), featureField (default: scale(100) where whole numbers are needed)',
    )
    .addOption(new Option('--compress <HOW>', 'how files are packed').choices(['none', 'gzip', 'zstd']).default('none'))
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
  const broken = new BrokenLines(options.skipBroken);
  await using sources = new Sources(options, broken.readOptions);
  const { documents, stamp } = await sources.documents();
  const manifest = await exportVectors({
    format,
    folder: options.out,
    documents,
    queries: options.queries === undefined ? undefined : () => sources.file(options.queries!, 'query'),
    origin: () => sources.origin,
    stamp:
      stamp && JSON.stringify([stamp, written, quantisation?.spec, options.compress, options.model, options.maxTokens]),
    quantisation,
    compression: options.compress,
    signal: interruption,
  });
  await report(manifest, broken, options.json);
}

/** Where the vectors come from; opens an engine or a model only where one is needed. */
class Sources implements AsyncDisposable {
  origin: VectorOrigin = {};
  readonly #options: ExportOptions;
  readonly #reading: ReadOptions;
  readonly #opened: AsyncDisposable[] = [];
  #encoder: Promise<Encoder> | undefined;

  constructor(options: ExportOptions, reading: ReadOptions) {
    this.#options = options;
    this.#reading = reading;
  }

  async documents(): Promise<{ documents: (skip: number) => AsyncIterable<TokenVector>; stamp: string | null }> {
    const { from, field } = this.#options;
    const stats = await stat(from).catch(() => undefined);
    if (stats?.isFile()) {
      const stamp = `${from} ${stats.size} ${stats.mtimeMs}`;
      return { documents: (skip) => this.file(from, 'document', skip), stamp };
    }
    const { indexVectors } = await import('../export/sources/index-vectors.js');
    const engine = await openEngine(this.#options);
    this.#opened.push(engine);
    const { documents, origin } = await indexVectors(engine, from, field, interruption);
    this.origin = origin;
    return { documents, stamp: null };
  }

  async *file(file: string, as: FileVectorOptions['as'], skip = 0): AsyncGenerator<TokenVector> {
    const { fileVectors } = await import('../export/sources/file-vectors.js');
    yield* fileVectors(file, { ...this.#reading, as, skip, openEncoder: () => this.#open() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#opened) await each[Symbol.asyncDispose]();
  }

  async #open(): Promise<Encoder> {
    this.#encoder ??= openEncoder(this.#options);
    const encoder = await this.#encoder;
    if (!this.#opened.includes(encoder)) this.#opened.push(encoder);
    this.origin = { model: encoder.identity.id, vocabulary: encoder.vocabulary.fingerprint };
    return encoder;
  }
}

const SHOWN = 20;

/** Lines that were left out: the first few are said, all are counted. */
export class BrokenLines {
  count = 0;
  readonly readOptions: ReadOptions;

  constructor(skip: boolean | undefined) {
    this.readOptions = { signal: interruption, ...(skip && { onBroken: (line) => this.#add(line) }) };
  }

  #add({ asked, found }: BrokenLine): void {
    this.count++;
    if (this.count <= SHOWN) say(`left out ${asked}: ${found}`);
  }
}

/** Prints what was written and what it cost. Lines left out make the exit code 1: the answer is there, but not whole. */
export async function report(manifest: ExportManifest, broken: BrokenLines, json: boolean | undefined): Promise<void> {
  const { filesOf } = await import('../export/export-vectors.js');
  const { documents, queries, loss } = manifest;
  const files = filesOf(manifest);
  if (json) printJson({ documents, queries, files, loss, broken: broken.count });
  else print(summary(manifest, files));
  if (broken.count > 0) {
    say(`${broken.count} lines were left out`);
    process.exitCode = ExitCode.negative;
  }
}

const EXACT_BELOW = 2 ** 24;

function summary({ format, documents, queries, loss }: ExportManifest, files: readonly string[]): string {
  const { documents: cost } = loss;
  const lines = [
    `${documents} documents and ${queries} queries for ${format}, in ${files.length} files`,
    `quantised by ${loss.quantisation}: ${cost.zeros} of ${cost.terms} terms lost, ${cost.clipped} clipped, a weight off by at most ${cost.largestWeightError.toPrecision(3)}`,
  ];
  if (loss.scoreDifferenceBound !== null)
    lines.push(`no score differs by more than ${loss.scoreDifferenceBound.toPrecision(3)}`);
  if (loss.integerScoreBound !== null && loss.integerScoreBound >= EXACT_BELOW) {
    lines.push(`scores may reach ${loss.integerScoreBound}; above ${EXACT_BELOW} a float32 score is rounded`);
  }
  for (const lost of loss.format) lines.push(`not brought back: ${lost}`);
  return lines.join('\n');
}
