import type { Command } from 'commander';
import pc from 'picocolors';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { naturalNumber } from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';
import { readQueryTexts } from './query-texts.js';
import { type FieldReport, fieldReport, totalText, verificationText } from './verify-text.js';

const EXAMPLES = `
What is compared: for each query the engine's top K, as a set, in order, and each score to the last bit of its float32, with the
scores computed here from the vectors in _source. Every document of the index is read for it, some thousand a second; with --documents a part is, and
every score is compared all the same. Each vector field is verified
unless one is named. Exit code 1 when anything disagrees, and when a field of an index with documents has nothing to compare, which
proves nothing; of an index without documents there is nothing to prove, and the exit code is 0. Writes meanwhile do not matter, but on OpenSearch before 3.3, where what is
written while it runs may be told as a disagreement.

Examples:
  $ termweave verify books
  $ termweave verify books --queries queries.jsonl --top 100 --json
  $ termweave verify books --documents 200000    # of millions, in a minute or so`;

interface VerifyCommandOptions extends IndexAndEncoderOptions {
  readonly queries?: string;
  readonly sample: number;
  readonly top: number;
  readonly documents?: number;
  readonly json?: boolean;
}

/** `termweave verify INDEX`: whether the engine's answers are the dot products. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify <index>')
    .description("prove that the engine's scores are the dot products, to the last bit")
    .option(
      '--queries <FILE>',
      'JSONL of {"_id","text"}, or one text a line; - for stdin (default: drawn from the index)',
    )
    .option('--sample <N>', 'how many queries to draw where no file is given', naturalNumber, 100)
    .option('--top <K>', 'how many documents of each answer to compare', naturalNumber, 10)
    .option(
      '--documents <N>',
      'of a larger index, look through about so many for ones that answers lack (default: all)',
      naturalNumber,
    )
    .option('--field <NAME>', 'the vector field (default: each of the index)')
    .option(
      '--json',
      'one JSON value: {"field","verified","queries","scores","disagreements","maxUlp",…}; of several fields {"verified","scores","disagreements","maxUlp","fields":[…]}',
    );
  withIndexAndEncoderOptions(command, { field: false }).addHelpText('after', EXAMPLES).action(verifyIndex);
}

async function verifyIndex(name: string, options: VerifyCommandOptions): Promise<void> {
  const { textsDrawnFrom, verifyTexts } = await import('../evaluate/verify-texts.js');
  const { queries, sample, top, documents: mostDocuments } = options;
  const asked = queries ? await readQueryTexts(queries) : undefined;
  await using opened = await openIndexAndEncoder(name, options);
  const { encoder } = opened;
  const reports: FieldReport[] = [];
  for (const index of await fieldsOf(opened.index, options)) {
    const texts = asked ?? (await textsDrawnFrom(index, sample, interruption));
    const report = await verifyTexts(index, encoder, texts, {
      ...{ top, mostDocuments },
      signal: interruption,
      onProgress: progressLine(),
    });
    reports.push(fieldReport(index, report));
    if (!options.json) print(verificationText(reports.at(-1)!));
  }
  if (!reports.every(({ verified }) => verified)) process.exitCode = ExitCode.negative;
  if (options.json) printJson(reports.length === 1 ? reports[0] : { ...totalsOf(reports), fields: reports });
  else if (reports.length > 1) print(totalText(reports));
}

function totalsOf(reports: readonly FieldReport[]) {
  const sum = (of: 'scores' | 'disagreements') => reports.reduce((total, report) => total + report[of], 0);
  const maxUlp = Math.max(...reports.map((report) => report.maxUlp));
  const verified = reports.every((report) => report.verified);
  return { verified, scores: sum('scores'), disagreements: sum('disagreements'), maxUlp };
}

/** The field that is named, or else every vector field of the index. */
async function fieldsOf(index: SparseIndex, { field }: VerifyCommandOptions): Promise<SparseIndex[]> {
  const { SparseIndex } = await import('../retrieve/sparse-index.js');
  const { engine, name, plan } = index;
  const others = field === undefined ? Object.keys(plan.vectors).filter((one) => one !== index.field) : [];
  const opened = others.map((one) => SparseIndex.open(engine, name, { field: one, signal: interruption }));
  return [index, ...(await Promise.all(opened))];
}

const PROGRESS_EVERY_MS = 2000;

function progressLine(): (documents: number) => void {
  let last = Date.now();
  return (documents) => {
    if (Date.now() - last < PROGRESS_EVERY_MS) return;
    last = Date.now();
    say(pc.dim(`${documents} documents scored`));
  };
}
