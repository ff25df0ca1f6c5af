import type { Command } from 'commander';
import pc from 'picocolors';
import type { Verification } from '../verify/verify.js';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { naturalNumber } from './option-values.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say, tableOf } from './output.js';
import { readQueryTexts } from './query-texts.js';

const EXAMPLES = `
What is compared: for each query the engine's top K, as a set, in order, and each score to the last bit of its float32, with the
scores computed here from the vectors in _source. Every document of the index is read for it, some thousand a second; with --documents a part is, and
every score is compared all the same. Exit code 1 when anything disagrees.

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
    .option('--json', 'one JSON value: {"queries","scores","disagreements","maxUlp",…}');
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(verifyIndex);
}

async function verifyIndex(name: string, options: VerifyCommandOptions): Promise<void> {
  const { textsDrawnFrom, verifyTexts } = await import('../evaluate/verify-texts.js');
  await using opened = await openIndexAndEncoder(name, options);
  const { index, encoder } = opened;
  const { queries, sample, top, documents: mostDocuments } = options;
  const texts = queries ? await readQueryTexts(queries) : await textsDrawnFrom(index, sample, interruption);
  const report = await verifyTexts(index, encoder, texts, {
    ...{ top, mostDocuments },
    signal: interruption,
    onProgress: progressLine(),
  });
  // Nothing compared is nothing proven.
  if (report.disagreements > 0 || report.scores === 0) process.exitCode = ExitCode.negative;
  if (options.json) printJson(report);
  else print(asText(report));
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

function asText(report: Verification): string {
  const { queries, documents, share, scores, disagreements, maxUlp, orderDependent, shortened, examples } = report;
  const agreed = scores === 0 ? pc.red('nothing to compare') : pc.green('verified');
  const verdict = disagreements === 0 ? agreed : pc.red(`${disagreements} disagreements`);
  const lines = [
    `${verdict}: ${scores} scores of ${queries} queries over ${documents} documents`,
    ...(share < 1
      ? [
          pc.yellow(
            `${Number((100 * share).toPrecision(2))} % of the index was looked through for documents that answers lack`,
          ),
        ]
      : []),
    `largest difference ${maxUlp} units in the last place; ${orderDependent} scores whose last bit depends on the order of additions`,
  ];
  if (shortened > 0)
    lines.push(pc.yellow(`${shortened} queries had more terms than the engine takes; the lightest were left out`));
  for (const { query, id, kind, actual, expected, terms } of examples) {
    lines.push('', `${pc.red(kind)} query ${query}, document ${id}: engine ${actual}, expected ${expected}`);
    const rows = terms.map((term) => [term.token, term.query, term.stored, term.product]);
    if (rows.length > 0) lines.push(tableOf(['token', 'query', 'stored', 'product'], rows));
  }
  return lines.join('\n');
}
