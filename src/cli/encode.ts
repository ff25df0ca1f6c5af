import { type Command, Option } from 'commander';
import type { Encoded, Encoder } from '../encoder/encoder.js';
import type { Role } from '../encoder/role.js';
import { textLines } from '../export/text-lines.js';
import { fieldVectors } from '../mapping/field-vectors.js';
import type { Pruning } from '../sparse/pruning.js';
import type { SparseVector } from '../sparse/sparse-vector.js';
import { termsJson } from '../sparse/terms-json.js';
import type { EncodeBenchOptions } from './encode-bench.js';
import { type BrokenLines, encodeJsonLines } from './encode-json-lines.js';
import { interruption } from './interruption.js';
import { InvalidOption } from './invalid-option.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { conflicts, needs } from './option-rules.js';
import { joinedFieldList, pruneOption } from './option-values.js';
import { say, tableOf, writeLines } from './output.js';
import { standardInput } from './standard-input.js';

interface EncodeCommandOptions extends ModelOptions {
  readonly as: Role;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly text: readonly string[];
  readonly out: string;
  readonly broken: BrokenLines;
  readonly prune: Pruning;
  readonly bench?: string | true;
}

const EXAMPLES = `
A text of nothing, or of blanks alone, has the vector without terms, as in an index. With --jsonl, a line that has none of the fields is a line without text.

Examples:
  $ termweave encode "how do vaccines work"
  $ termweave encode --json --as query "how do vaccines work" | jq .terms
  $ termweave encode --bench
  $ zcat corpus.jsonl.gz | termweave encode --jsonl --text title,text --out terms > vectors.jsonl`;

/** `termweave encode [TEXT...]` */
export function addEncode(program: Command): void {
  const command = program
    .command('encode')
    .description('text to sparse vectors: arguments, or a text a line from stdin')
    .argument('[TEXT...]', 'texts; without any, stdin is read')
    .addOption(new Option('--as <ROLE>', 'what the texts are').choices(['query', 'document']).default('document'))
    .option('--json', 'a line each: {"text","terms":{token:weight}}')
    .option('--jsonl', 'stdin is JSON lines: give each back, in order, with its vector added')
    .addOption(
      new Option(
        '--text <FIELDS>',
        'with --jsonl: the fields that are encoded, by commas, joined in this order as `index` does',
      )
        .argParser(joinedFieldList)
        .default(['text'], 'text'),
    )
    .option('--out <FIELD>', 'with --jsonl: the field that the vector goes into', 'terms')
    .addOption(
      new Option(
        '--broken <FATE>',
        'with --jsonl: a line without JSON or text ends the command, or is answered in place',
      )
        .choices(['stop', 'answer'])
        .default('stop'),
    )
    .addOption(pruneOption('as in topK(64) or atLeast(0.05)+topK(256)'))
    .option(
      '--bench [FILE]',
      "this machine's figures, on the texts of a file as `index` reads it (default: its package READMEs)",
    )
    .addHelpText('after', EXAMPLES);
  conflicts(command, '--jsonl', '--json');
  conflicts(command, '--bench', '--as', '--prune', '--jsonl');
  for (const option of ['--text', '--out', '--broken']) needs(command, option, '--jsonl');
  withModelOptions(command).action(encode);
}

async function encode(texts: readonly string[], options: EncodeCommandOptions): Promise<void> {
  if (options.bench !== undefined) return bench(texts, { ...options, bench: options.bench });
  if (options.jsonl) {
    mustBeNone(texts, '--jsonl', 'Leave them out; lines come from stdin');
    mustKeepText(options);
  }
  await using encoder = await openEncoder(options);
  const cut = { count: 0 };
  await writeLines(options.jsonl ? jsonLines(encoder, options, cut) : answers(encoder, texts, options, cut));
  interruption.throwIfAborted();
  if (cut.count > 0)
    say(`${cut.count} texts were longer than ${encoder.identity.maxTokens} tokens; their ends were left out`);
}

/** @throws {InvalidOption} where the vector would take the place of the text that it is made from. */
function mustKeepText({ text, out }: EncodeCommandOptions): void {
  if (!text.includes(out)) return;
  const found = `--text ${text.join(',')}: the vector would take the place of a text`;
  throw new InvalidOption({ asked: `--out ${out}`, found, remedy: 'Name another field for the vector' });
}

/** @throws {InvalidOption} for texts of the command line beside an option by which they come from elsewhere. */
function mustBeNone(texts: readonly string[], option: string, remedy: string): void {
  if (texts.length === 0) return;
  throw new InvalidOption({
    asked: `encode ${option}`,
    found: `${texts.length} texts of the command line beside it`,
    remedy,
  });
}

async function bench(texts: readonly string[], options: EncodeBenchOptions): Promise<void> {
  mustBeNone(texts, '--bench', 'Leave them out; name a file to take its texts');
  const { benchEncode } = await import('./encode-bench.js');
  await benchEncode(options);
}

/** How many texts were cut. */
interface Cut {
  count: number;
}

async function* answers(
  encoder: Encoder,
  given: readonly string[],
  { as, json, prune }: EncodeCommandOptions,
  cut: Cut,
): AsyncGenerator<string> {
  const texts: string[] = [];
  for await (const encoded of encoder.encodeStream(kept(given.length > 0 ? given : stdinLines(), texts), {
    as,
    signal: interruption,
  })) {
    cut.count += Number(encoded.truncated);
    const text = texts.shift()!;
    const { vector } = fieldVectors(text, encoded, prune);
    yield json
      ? `{"text":${JSON.stringify(text)},"terms":${termsJson(vector.heaviestFirst())}}`
      : tableFor(text, encoded, vector);
  }
}

function jsonLines(encoder: Encoder, { as, text, out, broken, prune }: EncodeCommandOptions, cut: Cut) {
  const encode = (texts: AsyncIterable<string>) => encoder.encodeStream(texts, { as, signal: interruption });
  const termsFor = (encoded: Encoded, of: string) => {
    cut.count += Number(encoded.truncated);
    return termsJson(fieldVectors(of, encoded, prune).vector.heaviestFirst());
  };
  return encodeJsonLines(standardInput(), { fields: text, out, broken, encode, termsFor });
}

/** Passes texts on and keeps them, in order, for whoever gets the answers. */
async function* kept(texts: AsyncIterable<string> | Iterable<string>, keeper: string[]): AsyncGenerator<string> {
  for await (const text of texts) {
    keeper.push(text);
    yield text;
  }
}

async function* stdinLines(): AsyncGenerator<string> {
  for await (const { text } of textLines(standardInput())) yield text;
}

function tableFor(text: string, { tokens, truncated }: Encoded, vector: SparseVector): string {
  const rows = vector.heaviestFirst().map(({ token, weight }) => [token, weight.toFixed(4)]);
  const heading = `${JSON.stringify(text.slice(0, 80))}  ${tokens} tokens${truncated ? ' (cut)' : ''}, ${vector.size} terms`;
  return `${heading}\n${tableOf(['token', 'weight'], rows)}\n`;
}
